"""Pages of offers: for everybody, for whoever entered them, for two who met."""
