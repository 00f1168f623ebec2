"""The pages of messages: the inbox of everybody, and how one is reached besides."""
