"""The resume lab: a page for whoever writes a resume; nothing is kept."""
