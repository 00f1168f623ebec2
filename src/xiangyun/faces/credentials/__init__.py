"""What other people's software asks: status lists, the log, credentials into wallets, keys."""
