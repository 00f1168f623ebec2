"""Everybody at once: rules as SQL over a whole table, without Django and its tables.

`population` makes up persons to try rules on. `tables` says what an engine's columns hold,
`snapshots` finds for every input of a decision the column it is read from, `questions` puts beside
the decisions what is asked of them, `entitlements` makes of all that the queries of a run,
`reforms` compares two versions of the figures, `interpreted` decides one row by the interpreter.
Everything that can be wrong is said before anything is run (`faults`). What is run is SQL in an
engine's words; `adapters.engines` run it.
"""
