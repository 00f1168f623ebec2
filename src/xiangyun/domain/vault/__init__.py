"""The vault: values that the database keeps only encrypted, and the keys that open them."""
