"""The archive: closed cases as files, their rows erased, and the proof that nothing was lost."""
