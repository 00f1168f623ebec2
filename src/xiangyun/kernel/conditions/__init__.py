"""What conditions divide values into: the ground on which tables and gates are proved."""
