"""The pages of the portal, a module for each part of a person's way."""
