"""The addresses of credentials."""
