"""Messages to people: the inbox of everybody, and the ways a message takes besides."""
