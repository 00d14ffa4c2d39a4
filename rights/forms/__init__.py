"""Forms of data rights. They parse; the actions decide."""
