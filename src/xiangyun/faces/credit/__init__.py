"""Pages of credit: what is public about a company, and grants by which banks look into files."""
