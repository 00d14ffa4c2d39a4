"""Rights over data: how long things are kept, what is destroyed and by whom, and what people may ask to have."""
