"""`fairs/<code>.yaml`: who meets whom at a fair, where everybody stands and who speaks when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.fair import FILES, KEPT, Fair, read_fair
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.matching import Matching
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.record import Register

_TYPES = {
    "tables": "integer",
    "talk_seats": "integer",
    "power": "boolean",
    "capacity": "integer",
    "invites": "list",
    "wishes": "list",
    "begins": "moment",
    "arrived": "moment",
}
"""What a named field is, where it is not text."""


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    declared = globs(FILES)
    found = []
    for path, text in sorted(files.items()):
        fair = read_fair(text, path, report) if declared(path) else None
        if fair is not None and fair.code:
            own = {path: text}
            found.append(Declaration(KIND.name, fair.code, pack, fair.name, own, fair, fair.place))
    return found


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """Its matching and registers exist and have the fields that it names."""
    fair: Fair = declaration.value
    matchings, registers = known.all("matching"), registers_in(known)
    matching: Matching | None = None
    if fair.matching in matchings:
        matching = matchings[fair.matching].value
    elif known.judges("matching"):
        kind = Text("撮合", "matching")
        yield unknown("pack.E360", kind, fair.matching, matchings, fair.place)
    own = fair.exhibitors
    keys = ("key", "name", "tables", "group", "power", "talk", "talk_for", "talk_seats")
    named = {key: getattr(own, key) for key in keys}
    if own.register in registers:
        yield from _of(fair, registers[own.register], named)
    elif known.judges("register"):
        kind = Text("登记库", "register")
        yield unknown("pack.E360", kind, own.register, registers, fair.place)
    for key, code in fair.kept.items():
        if code not in registers:
            if known.judges("register"):
                yield unknown("pack.E360", Text("登记库", "register"), code, registers, fair.place)
            continue
        yield from _of(fair, registers[code], dict(zip(KEPT[key], KEPT[key], strict=True)))
    if matching is None:
        return
    sides = (
        (matching.offers.register,
         {"named_by": own.named_by, "capacity": fair.capacity, "invites": fair.invites}),
        (matching.demands.register, {"wishes": fair.wishes}),
    )  # fmt: skip
    for code, fields in sides:
        if code in registers:
            yield from _of(fair, registers[code], fields)


def _of(fair: Fair, register: Register, named: Mapping[str, str]) -> Iterator[Finding]:
    for key, name in named.items():
        if not name:
            continue
        field, wanted = register.by_name.get(name), _TYPES.get(key)
        if field is None or field.sensitive:
            there = [each.name for each in register.fields if not each.sensitive]
            yield unknown("pack.E361", Text("字段", "field"), name, there, fair.place)
        elif (wanted is not None and field.type != wanted) or (
            wanted is None and field.type not in ("text", "choice")
        ):
            yield fault(
                "pack.E362",
                Text(
                    "{key} 要用类型为 {wanted} 的字段，“{name}”是 {type}。",
                    "`{key}` wants a field of type {wanted}; “{name}” is of type {type}.",
                    key=key,
                    wanted=wanted or "text",
                    name=name,
                    type=field.type,
                ),
                fair.place,
                Text("请写另一个字段，或者改它的类型。", "Name another field, or change its type."),
            )


KIND = Kind("fair", Text("招聘会和对接会", "fair"), (FILES,), globs(FILES), _read, _fits)
