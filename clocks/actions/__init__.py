"""What people do about dates and reminders: one verb, one action, one transaction."""
