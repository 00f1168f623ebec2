#!/usr/bin/env bash
# Package:   bkflow-feel 1.2.0 (FEEL for the gates of a workflow engine in use in China).
# Behaviour: numbers are Python's: a whole number and a fraction are two types that may not meet (3 * 1.1 is an
#            error), fractions are binary (0.1 + 0.2 = 0.3 is false). A function of the standard that it does not
#            know (substring, floor, modulo, even, sort) is null, with one line in the log; not(null) is true.
# Surprise:  the standard has one number, decimal, for the sake of money, and its not(null) is null. A fee times a
#            rate stops the flow as soon as somebody types 3 and not 3.0; a condition that asks a missing function
#            becomes null, its negation true, and the flow that was to be the exception is taken.
# What to do: run the standard's own vectors (the technology compatibility kit) over an engine before rules move to
#            it; refuse a rule that calls what the engine lacks when it is read, not when it is asked.
# Seen:
#> 0.1 + 0.2 = 0.3                                False
#> 3 * 1.1 = 3.3                                  ValidationError: Type of both operators must be same, get <class 'int'> and <class 'float'>
#> substring("行政许可", 1, 2)                        None
#> floor(1.5)                                     None
#> not(null)                                      True
#> not(even(2))                                   True
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
cd "$work"
python3 -m venv v
v/bin/pip install -q --disable-pip-version-check bkflow-feel==1.2.0
cat > run.py <<'P'
import logging

from bkflow_feel.api import parse_expression

logging.disable()
for text in (
    "0.1 + 0.2 = 0.3",
    "3 * 1.1 = 3.3",
    'substring("行政许可", 1, 2)',
    "floor(1.5)",
    "not(null)",
    "not(even(2))",
):
    try:
        said = parse_expression(text)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    print(text.ljust(46), said)
P
v/bin/python run.py | tee seen
sed -n 's/^#> //p' "$here" | diff - seen
