"""The page of a task with a form: for officials, applicants and other parties, also offline."""
