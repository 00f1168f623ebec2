"""The catalogue of certificate types, for everybody."""
