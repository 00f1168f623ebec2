"""Pages of offers: what parties entered is found, fits, is met, and followed."""
