"""The tamper-evident trail: proving that nothing was changed, and telling the operator every day where it ends."""
