"""Pages of payments: the payer's, the provider's, and those of who looks after fees."""
