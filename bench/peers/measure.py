"""What every engine is given and how it is timed. Standard library only: peers have their own."""

from __future__ import annotations

import argparse
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

TABLE = Path(__file__).parents[1] / "tables" / "allowance.dmn"
NAMESPACE = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
SEED = 4
Person = dict[str, Any]


def options() -> argparse.Namespace:
    """How many persons and seconds, told by the orchestrator."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each way of deciding")
    parser.add_argument("--rows", type=int, default=0, help="of a population")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    return parser.parse_args()


def people(count: int) -> list[Person]:
    """Persons 0, 1, … with cents as integers; SQL and numpy say the same arithmetic."""
    return [_person(number) for number in range(count)]


def _person(number: int) -> Person:
    first = (number * 2654435761 + SEED) % 2**32
    second = ((first ^ first >> 15) * 1103515245) % 2**32
    third = second ^ second >> 13
    fourth = (third * 1664525 + 1013904223) % 2**32
    fifth = fourth ^ fourth >> 16
    return {
        "age": third % 105,
        "cents": (fifth >> 3) % 600000,
        "kind": "rural" if (third >> 29) & 1 else "urban",
        "local": (fifth >> 12) % 8 != 0,
    }


def with_floats(persons: Sequence[Person]) -> list[Person]:
    """The persons for engines that take JSON-like numbers."""
    return [
        {
            "age": each["age"],
            "income": each["cents"] / 100,
            "kind": each["kind"],
            "local": each["local"],
        }
        for each in persons
    ]


@dataclass(frozen=True)
class Table:
    """The decision table as texts."""

    inputs: list[str]
    rows: list[list[str]]


def read_table() -> Table:
    """The table of the DMN file, for engines with another file format."""
    root = ET.parse(TABLE).getroot()
    inputs = [_text(each) for each in root.iter(f"{NAMESPACE}inputExpression")]
    rows = [[_text(cell) for cell in rule] for rule in root.iter(f"{NAMESPACE}rule")]
    return Table(inputs, rows)


def _text(element: ET.Element) -> str:
    return element.findtext(f"{NAMESPACE}text") or ""


def rate(decide: Callable[[Any], Any], inputs: Sequence[Any], seconds: float) -> dict[str, float]:
    """Decisions a second, by the clock and by the processor's time of this process."""
    for each in inputs[:100]:
        decide(each)
    decided = 0
    started, started_cpu = perf_counter(), process_time()
    while perf_counter() - started < seconds:
        for each in inputs:
            decide(each)
        decided += len(inputs)
    elapsed, worked = perf_counter() - started, process_time() - started_cpu
    return {"rate": decided / elapsed, "cpu_rate": decided / worked}


def tell(**results: Any) -> None:
    """The results for the orchestrator."""
    print(json.dumps(results))
