"""Views: where one is reached about a case."""
