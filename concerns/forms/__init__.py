"""What people type, parsed. Nothing here decides; the actions do."""
