"""Pages of news, policies and answers to common questions."""
