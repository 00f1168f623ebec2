"""Views of the pages of sites."""
