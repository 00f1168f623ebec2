"""openfisca-core (AGPL-3.0): the same rule as a vector formula over a population."""

from __future__ import annotations

from importlib.metadata import version
from time import perf_counter
from typing import Any

import numpy as np
from measure import SEED, options, rate, tell
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import MONTH
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2026-01"
Columns = dict[str, Any]
Person = build_entity(key="person", plural="persons", label="Person", is_person=True)


class Kind(Enum):
    """Of the household's registration."""

    urban = "urban"
    rural = "rural"


class age(Variable):
    """In years."""

    value_type = int
    entity = Person
    definition_period = MONTH


class income(Variable):
    """A month, in yuan."""

    value_type = float
    entity = Person
    definition_period = MONTH


class kind(Variable):
    """Of registration."""

    value_type = Enum
    possible_values = Kind
    default_value = Kind.urban
    entity = Person
    definition_period = MONTH


class local(Variable):
    """Registered here."""

    value_type = bool
    entity = Person
    definition_period = MONTH


class allowance(Variable):
    """The table's eight rows."""

    value_type = int
    entity = Person
    definition_period = MONTH

    def formula(person: Any, period: Any) -> Any:
        """The rows as vectors; parts they share are worked out once."""
        years, rural = person("age", period), person("kind", period) == Kind.rural
        here, poor = person("local", period), person("income", period) < 3000
        senior, aged = (years >= 60) & (years < 80), years >= 80
        rows = [
            (years < 60, 0),
            (senior & poor & rural & here, 120),
            (senior & poor & ~rural & here, 100),
            (senior & ~poor & here, 50),
            (senior & ~here, 20),
            (aged & rural & here, 300),
            (aged & ~rural & here, 250),
            (aged & ~here, 150),
        ]
        return np.select([condition for condition, _ in rows], [amount for _, amount in rows])


def system() -> TaxBenefitSystem:
    """A system of these five variables."""
    made = TaxBenefitSystem([Person])
    for variable in (age, income, kind, local, allowance):
        made.add_variable(variable)
    return made


def population(rows: int) -> Columns:
    """Persons 0, 1, … as `measure.people` makes them."""
    number = np.arange(rows, dtype=np.uint64)
    first = (number * np.uint64(2654435761) + np.uint64(SEED)) % np.uint64(2**32)
    second = ((first ^ first >> 15) * np.uint64(1103515245)) % np.uint64(2**32)
    third = second ^ second >> 13
    fourth = (third * np.uint64(1664525) + np.uint64(1013904223)) % np.uint64(2**32)
    fifth = fourth ^ fourth >> 16
    return {
        "age": (third % 105).astype(np.int32),
        "income": ((fifth >> 3) % 600000).astype(np.float64) / 100,
        "kind": ((third >> 29) & 1).astype(np.int16),
        "local": (fifth >> 12) % 8 != 0,
    }


def simulation(tax: TaxBenefitSystem, columns: Columns) -> Simulation:
    """One with its inputs set."""
    made = SimulationBuilder().build_default_simulation(tax, len(columns["age"]))
    for name, values in columns.items():
        made.set_input(name, PERIOD, values)
    return made


def calculated(tax: TaxBenefitSystem, columns: Columns) -> Any:
    """The allowances of these persons."""
    return simulation(tax, columns).calculate("allowance", PERIOD)


def main() -> None:
    """Measure and tell."""
    chosen = options()
    number = version("openfisca-core")
    name, tax = f"openfisca-core {number}", system()
    few = population(chosen.people)
    ones = [
        {key: column[at : at + 1] for key, column in few.items()}
        for at in range(min(chosen.people, 20))
    ]
    told: dict[str, Any] = {
        "version": number,
        "answers": {name: [int(each) for each in calculated(tax, few)]},
    }
    if chosen.seconds:
        one = f"{name}, a simulation a person"
        told["rates"] = {one: rate(lambda given: calculated(tax, given), ones, chosen.seconds)}
    if chosen.rows:
        columns = population(chosen.rows)
        formula, whole = [], []
        for _ in range(chosen.rounds):
            started = perf_counter()
            ready = simulation(tax, columns)
            asked = perf_counter()
            amounts = ready.calculate("allowance", PERIOD)
            formula.append(perf_counter() - asked)
            whole.append(perf_counter() - started)
        weights = np.arange(chosen.rows, dtype=np.int64) % 9973 + 1
        told["seconds"] = {f"{name}, formula alone": formula, f"{name}, inputs set too": whole}
        told["checksum"] = int((amounts.astype(np.int64) * weights).sum())
    tell(**told)


if __name__ == "__main__":
    main()
