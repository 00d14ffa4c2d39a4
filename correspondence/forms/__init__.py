"""One form per step. Field names are the names of the action's own answers."""
