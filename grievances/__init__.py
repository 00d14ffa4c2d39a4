"""A grievance before a panel of the council, from forming it to the end of an appeal."""
