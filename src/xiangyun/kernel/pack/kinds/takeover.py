"""`takeovers/*.yaml`: how what another system kept becomes records of a register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.yamltext import Report, read_yaml
from xiangyun.kernel.record.takeover import Takeover, read_takeover

FILES = "takeovers/*.yaml"


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    for path, text in sorted(files.items()):
        root = read_yaml(text, path, report) if KIND.owns(path) else None
        if root is not None:
            value = read_takeover(root, report)
            found.append(
                Declaration(
                    KIND.name, value.code, pack, value.name, {path: text}, value, root.place
                )
            )
    return found


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """Each column becomes a field that the register has, and none that it asks for is left."""
    own: Takeover = declaration.value
    registers = registers_in(known)
    register = registers.get(own.register)
    if register is None:
        if known.judges("register"):
            yield unknown("pack.E050", Text("库", "register"), own.register, registers, own.place)
        return
    for column in own.columns:
        if column.to not in register.by_name:
            kind = Text("字段", "field")
            yield unknown("pack.E683", kind, column.to, register.by_name, column.place)
    given = {column.to for column in own.columns}
    for field in register.fields:
        if field.required and field.name not in given:
            yield fault(
                "pack.E684",
                Text(
                    "库要求“{field}”，没有一列映射到它。",
                    "The register asks for “{field}”, and no column is mapped to it.",
                    field=field.words,
                ),
                own.place,
                Text("请补一列，或者写固定的 value。", "Map a column to it, or give a `value`."),
            )


def _rehearse(declaration: Declaration, known: Known) -> Iterator[Finding]:
    own: Takeover = declaration.value
    for trial in own.examples:
        row = dict.fromkeys(own.old_columns, "") | dict(trial.row)
        made = own.translated(row)
        refused = made.place.question if isinstance(made, Finding) and made.place else ""
        if own.skips(row) != trial.skipped or (
            not trial.skipped
            and (
                refused != trial.refused
                or (not isinstance(made, Finding) and made != dict(trial.gives))
            )
        ):
            yield fault(
                "pack.E685",
                Text(
                    "这个例子得到的是 {made}。",
                    "This example becomes {made}.",
                    made=Text.given(refused, refused) if refused else _shown(made),
                ),
                trial.place,
                Text("请改映射，或者改 gives。", "Mend the mapping, or `gives`."),
            )


def _shown(made: Mapping[str, str] | Finding) -> Text:
    if isinstance(made, Finding):
        return made.message
    text = ", ".join(f"{key}: {value}" for key, value in made.items())
    return Text.given(text, text)


KIND = Kind(
    "takeover",
    Text("接管", "takeover"),
    (FILES,),
    globs(FILES),
    _read,
    _fits,
    _rehearse,
)
