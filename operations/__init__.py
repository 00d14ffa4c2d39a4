"""Whether the portal runs: heartbeats, queues, failures. Counts, ages and fixed words; never anything of a case."""
