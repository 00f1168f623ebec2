"""Where to build: plans of sites as pages of officials."""
