"""Where to build: sites chosen so that people are near, with a proof that none are better.

The models are pure values; `program.Solver` is wanted from outside for mixed-integer programs.
Nothing is imported here: who only reads a declaration need not load what calculates with arrays.
"""
