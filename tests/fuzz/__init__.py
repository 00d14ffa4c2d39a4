"""Generated bad input. How much of it each file tries; the files assert that they did."""

PARTS = {"forms": 7_500, "files": 2_000, "requests": 1_000, "ids": 2_000}
assert sum(PARTS.values()) >= 10_000
