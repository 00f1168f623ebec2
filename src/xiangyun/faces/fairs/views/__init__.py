"""Pages of fairs: the plan for everybody, and the desk of officials."""
