"""Views: asking and answering."""
