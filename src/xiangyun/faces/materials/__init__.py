"""Pages of what stands instead of papers."""
