"""Messages on a concern with their whole audience, and letters in the council's words."""
