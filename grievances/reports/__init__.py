"""What a grievance's letters say."""
