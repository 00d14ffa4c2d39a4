"""Pure rules of a referral: its course, to whom it is addressed, its dates, and the seal."""
