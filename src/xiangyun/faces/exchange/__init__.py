"""The exchange with other systems: where messages come in, and the pages of operators."""
