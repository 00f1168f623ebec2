"""Pages of names declared by oneself: looked at before an application, and reserved."""
