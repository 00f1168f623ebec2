"""A simulated year: people apply, officials work, the platform's own jobs run, in compressed time.

`clock` tells the platform what time it is, `ownjobs` works its queue and timetable by that clock,
`cast` has the people, `retelling` tells an example of somebody else somewhere else, `play` lets it
all happen, and `agreement` compares what journal, registers, statistics and open data say in the
end. Nothing here writes past the verbs that the pages use.
"""
