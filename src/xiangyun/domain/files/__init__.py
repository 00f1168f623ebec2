"""Files that people hand in: their content outside the database, named by what it is."""
