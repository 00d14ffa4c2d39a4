"""What the studio reads."""
