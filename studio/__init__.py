"""The protocol studio: a council brings its document, edits its protocol, proves it and shows it."""
