"""Papers of data rights."""
