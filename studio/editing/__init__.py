"""What can be edited of a protocol: its sections and their fields, in words. No database here; the actions keep what comes out."""
