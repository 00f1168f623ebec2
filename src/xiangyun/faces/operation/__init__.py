"""The pages of whoever runs the instance."""
