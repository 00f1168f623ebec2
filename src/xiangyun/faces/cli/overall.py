"""What `xiangyun eligible` is asked for: pack, declaration and options put together."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import platformdirs

from xiangyun.adapters.duck import is_parquet_folder
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.projection import LEVELS, PlaceColumn, Population, Sum, Written

from .folder import read_folder
from .packpath import PACK
from .telling import WrongUsage


@dataclass(frozen=True, slots=True)
class Chosen:
    """The options that say what the declaration says otherwise."""

    decisions: tuple[str, ...] = ()
    key: str | None = None
    place: str | None = None
    inputs: tuple[str, ...] = ()
    when: str | None = None
    columns: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def declared(pack: Pack, chosen: Chosen, notes: Mapping[str, str]) -> Population:
    """The pack's declaration, as far as it has one, and over it the options.

    The snapshot of a register says itself which columns are its key and its place (`notes`); what
    neither of the others says is taken from there.

    What it says of outputs is meant for the decisions it lists: where others are chosen, only the
    options count.
    """
    found = pack.population or Population()
    if set(chosen.decisions) - set(found.decisions):
        found = replace(found, when=None, columns={}, sums={}, groups={})
    if place := notes.get("xiangyun.place"):
        found = replace(found, place=found.place or PlaceColumn(place))
    return replace(
        found,
        decisions=chosen.decisions or found.decisions,
        key=chosen.key or found.key or notes.get("xiangyun.key", ""),
        place=_place(chosen.place) if chosen.place else found.place,
        inputs={**found.inputs, **{k: (Written(v),) for k, v in _pairs(chosen.inputs).items()}},
        when=Written(chosen.when) if chosen.when else found.when,
        columns=_formulas(chosen.columns) or found.columns,
        sums={
            name: Sum(Text.given(name, name), each) for name, each in _formulas(chosen.sums).items()
        }
        or found.sums,
        groups=_formulas(chosen.groups) or found.groups,
    )


def _formulas(options: tuple[str, ...]) -> dict[str, Written]:
    """NAME=FEEL, or NAME alone for the output or column of that name."""
    parts = (option.partition("=") for option in options)
    return {name.strip(): Written(source.lstrip("=") or name.strip()) for name, _, source in parts}


def _pairs(options: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for option in options:
        name, _, value = option.partition("=")
        if not name.strip() or not value.strip():
            raise WrongUsage(
                Text(
                    "--input 写成 输入=列名，或者 输入==FEEL，如 person.age=years；不是“{given}”。",
                    "--input is INPUT=COLUMN or INPUT==FEEL, such as person.age=years;"
                    " it was “{given}”.",
                    given=option,
                )
            )
        found[name.strip()] = value.strip()
    return found


def _place(option: str) -> PlaceColumn:
    column, _, level = option.rpartition(":")
    if not column:
        return PlaceColumn(option)
    if level not in LEVELS:
        raise WrongUsage(
            Text(
                "没有“{level}”这一级；有：{levels}。",
                "There is no level “{level}”; there are: {levels}.",
                level=level,
                levels=list(LEVELS),
            )
        )
    return PlaceColumn(column, level)


def files_of(pack: str) -> dict[str, str]:
    """A pack by its folder, or by its code in the folders of packs."""
    return read_folder(PACK.convert(pack, None, None))


def source_of(snapshot: str | None, register: str | None, engine: str) -> str:
    """The snapshot's address, or a register's code; exactly one is given. Raises WrongUsage."""
    if (snapshot is None) == (register is None):
        raise WrongUsage(
            Text(
                "请用 --snapshot 指明一份快照，或者用 --register 指明一个登记库。",
                "Name a snapshot by --snapshot, or a register by --register.",
            )
        )
    return register if snapshot is None else _path(snapshot, engine)  # type: ignore[return-value]


@contextmanager
def fresh(register: str | None, source: str, day: date, by: str | None) -> Iterator[str]:
    """The address of the snapshot: that of a register is taken now, and goes afterwards."""
    if register is None:
        yield source
        return
    # Django is loaded by now, and only for this: see `database_for` in commands.py.
    taken = import_module("xiangyun.faces.cli.register").snapshot_for
    with TemporaryDirectory(prefix="xiangyun-snapshot-") as folder:
        file = Path(folder) / "snapshot.parquet"
        taken(register, file, as_of=day, by=by)
        yield str(file)


def _path(snapshot: str, engine: str) -> str:
    if engine == "spark" and "://" in snapshot:
        return snapshot
    if not Path(snapshot).exists():
        raise WrongUsage(
            Text(
                "没有文件或文件夹“{snapshot}”。",
                "There is no file or folder “{snapshot}”.",
                snapshot=snapshot,
            )
        )
    return snapshot.rstrip("/") or snapshot


def result_path(out: str | None, snapshot: str, word: str) -> str:
    """Where the result goes: never over the snapshot, nor over a folder that is no result."""
    if out is None:
        stem = snapshot.removesuffix(".parquet")
        return f"{stem}.{word}.parquet"
    if "://" in out:
        return out
    target = Path(out)
    same = "://" not in snapshot and target.resolve() == Path(snapshot).resolve()
    if same or (target.is_dir() and any(target.iterdir()) and not is_parquet_folder(target)):
        raise WrongUsage(
            Text(
                "结果不能写到“{out}”：那里是快照，或者是放着别的文件的文件夹。",
                "The result cannot go to “{out}”: it is the snapshot, or a folder of other files.",
                out=out,
            )
        )
    return out


def database_address(given: str) -> str:
    """The PostgreSQL that was named, else that of this instance, started while it is needed."""
    if given or (given := os.environ.get("DATABASE_URL", "")):
        return given
    home = os.environ.get("XIANGYUN_HOME") or platformdirs.user_data_path("xiangyun")
    stack = ExitStack()
    atexit.register(stack.close)
    # Django comes with it, which the other engines do without.
    opened = import_module("xiangyun.adapters.postgres").database(Path(home))
    return str(stack.enter_context(opened))
