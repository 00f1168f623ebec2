"""What every kind of file in a pack needs, below all of the kinds.

`yamltext`, `jsontext`: YAML and JSON that remember where each value stands. `fields`: reading a
mapping key by key, words in two languages. `formulas`: FEEL inside YAML. `laws`: legal bases and
`verified`. `parameters`: figures by date. `faults`: the table of error ids. `display`: values as
people read them.
"""
