"""What the room decides without Django: who may be copied, what a letter may say of whom, what a report may not say."""
