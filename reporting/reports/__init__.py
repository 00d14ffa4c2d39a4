"""A report as page, paper and table."""
