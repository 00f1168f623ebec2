"""Views of operation."""
