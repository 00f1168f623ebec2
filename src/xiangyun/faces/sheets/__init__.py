"""Pages on which officials keep the sheets of their place."""
