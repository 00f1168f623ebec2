"""Views: choosing, handing in later, checking."""
