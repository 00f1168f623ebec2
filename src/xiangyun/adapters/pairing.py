"""The records of both sides of a matching as tables of DuckDB, from files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xiangyun.kernel.findings import Text
from xiangyun.kernel.matching import Matching, Side
from xiangyun.kernel.matching.judging import spoken_of
from xiangyun.kernel.matching.statement import Tables
from xiangyun.kernel.record import Register

from .duck import Duck, duck, named, parquet, quoted

_DUCK_TYPES = {"integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A matching with the registers of its two sides."""

    matching: Matching
    registers: Mapping[str, Register]

    def register(self, side: Side) -> Register:
        return self.registers[side.register]

    @property
    def requirements(self) -> list[Text]:
        """What each row requires, in the words of the registers."""
        sides = (self.matching.offers, self.matching.demands)
        names = {
            side.name: {field.name: field.words for field in self.register(side).fields}
            for side in sides
        }
        rows = range(1, len(self.matching.table.rules) + 1)
        return [spoken_of(self.matching, row, names) for row in rows]

    @property
    def scales(self) -> dict[str, int]:
        """Decimal places of the number fields, by `side.field`."""
        sides = (self.matching.offers, self.matching.demands)
        return {
            f"{side.name}.{field.name}": field.scale
            for side in sides
            for field in self.register(side).fields
            if field.type in ("number", "integer")
        }


@contextmanager
def opened(asked: Asked, offers: Path, demands: Path) -> Iterator[tuple[Duck, Tables]]:
    """A database with both files as tables, by the types of the registers."""
    with duck() as database:
        for name, file, side in (
            ("offers", offers, asked.matching.offers),
            ("demands", demands, asked.matching.demands),
        ):
            database.run(f"CREATE TABLE {name} AS SELECT * FROM {_source(asked, side, file)}")
        yield database, Tables("offers", "demands", "duckdb", asked.scales)


def _source(asked: Asked, side: Side, file: Path) -> str:
    """The file's rows with the types of the register; columns that it lacks are refused."""
    if file.suffix != ".csv":
        return parquet(file)
    wanted = []
    for name in dict.fromkeys((side.key, *asked.matching.fields(side))):
        field = asked.register(side).by_name[name]
        kind = _DUCK_TYPES.get(field.type, "VARCHAR")
        if field.type == "number":
            kind = f"DECIMAL(30, {field.scale})"
        column = named(name)
        wanted.append(f"CAST({column} AS {kind}) AS {column}")
    return f"(SELECT {', '.join(wanted)} FROM read_csv({quoted(str(file))}, all_varchar = true))"
