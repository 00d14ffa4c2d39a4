"""The subject's side: what they are told, what they answer, who comes with them."""
