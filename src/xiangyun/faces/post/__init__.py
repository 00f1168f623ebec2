"""Pages of results that come by post."""
