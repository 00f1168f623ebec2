"""An oracle for the engine: a token game of its own, after BPMN 2.0.2 clauses 13.2 to 13.5.

`drawing` is a process as plain nodes and flows, `interpreter` plays tokens on it, `random_drawings`
makes drawings up. Nothing here reads or copies the engine: the two meet in the tests only.
"""
