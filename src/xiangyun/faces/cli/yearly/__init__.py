"""A simulated year: people apply, officials work, the platform's own jobs run, in compressed time.

`clock` tells the platform what time it is, `ownjobs` works its queue and timetable by that clock,
`cast` has the people and `enlisting` what registers know of them, `retelling` tells an example of
somebody else somewhere else, `play` lets it all happen with what others do (`elsewhere`), what goes
on beside (`asides`) and the draws (`lots`), and `agreement` compares what journal, registers,
statistics and open data say in the end. Nothing here writes past the verbs that the pages use.
"""
