"""Pages of questions inside a case: asked by the applicant, answered by the office."""
