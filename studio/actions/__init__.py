"""What can be done in the studio. One verb, one function, one transaction; keyword-only with `by` and `now`."""
