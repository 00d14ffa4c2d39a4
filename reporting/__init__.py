"""What a council learns from its concerns, without telling of anybody."""
