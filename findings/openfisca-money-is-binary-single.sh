#!/usr/bin/env bash
# Package:   openfisca-core 46.0.1 (Python).
# Behaviour: a variable of `value_type = float`, the only one there is for money, is a numpy float32. It holds 24 bits:
#            from 131,072 yuan upward cents are rounded (to 1/16 yuan at 794,958.90), from 16,777,216 yuan upward whole
#            yuan. A rule "at most 794,958.88" says yes to 794,958.90, and three people's sum is two yuan short.
#            `value_type = int` keeps 20,000,001, and cuts 3.70 to 3 without a word.
# Surprise:  amounts go in as doubles and come out as something that prints right at first sight (`794958.9`); one
#            expects at worst a double, which is exact to the cent below 35 trillion. There is no setting for it, and
#            nothing is said when a figure is rounded on its way in. A month's pension is right, a county's budget, a
#            loan or the total of a population is not.
# What to do: count in fen as whole numbers up to 21 million yuan (it is int32, and says when one is larger), or add up
#            outside; compare amounts of a company by another tool.
# Seen:
#> a loan of 794958.90          794958.88  at most 794958.88: True
#> a budget of 20000001.00      20000000.00  at most 794958.88: False
#> a fee of 0.10                0.10  at most 794958.88: True
#> sum                          20794958.00 instead of 20794960.00 (float32)
#> whole yuan                   20000001 (int32), and 3.70 is 3
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check openfisca-core==46.0.1
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

person = build_entity("person", "persons", "", is_person=True)


class amount(Variable):
    value_type = float
    entity = person
    definition_period = MONTH
    label = "yuan"


class whole(Variable):
    value_type = int
    entity = person
    definition_period = MONTH
    label = "whole yuan"


class small(Variable):
    value_type = bool
    entity = person
    definition_period = MONTH
    label = "at most the limit"

    def formula(person, period):
        return person("amount", period) <= 794958.88


system = TaxBenefitSystem([person])
system.add_variables(amount, whole, small)
month = "2023-03"
given = {"a loan": 794958.90, "a budget": 20000001.00, "a fee": 0.10}
wholes = {"a loan": 20000001, "a budget": 3.70, "a fee": 0}
people = {
    name: {"amount": {month: value}, "whole": {month: wholes[name]}}
    for name, value in given.items()
}
simulation = SimulationBuilder().build_from_entities(system, {"persons": people})
amounts = simulation.calculate("amount", month)
for (name, value), kept, is_small in zip(given.items(), amounts, simulation.calculate("small", month)):
    print(f"{f'{name} of {value:.2f}':<28} {kept:.2f}  at most 794958.88: {is_small}")
print(f"{'sum':<28} {amounts.sum():.2f} instead of {sum(given.values()):.2f} ({amounts.dtype})")
kept = simulation.calculate("whole", month)
print(f"{'whole yuan':<28} {kept[0]} ({kept.dtype}), and 3.70 is {kept[1]}")
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
