"""Whether what a pack decides anew each period fits the registers that it reads and writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.occasion.model import ON
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.projection import FILE, Population
from xiangyun.kernel.projection.population import Counted
from xiangyun.kernel.record import Register

_ANY_DAY = date(2024, 2, 29)
_REGISTER, _FIELD = Text("库", "register"), Text("字段", "field")


def check_recomputed(
    declared: Population | None, pack: str, registers: Mapping[str, Register], *, whole: bool
) -> Iterator[Finding]:
    """Registers and fields that there are, that the pack may write, and none of them sensitive."""
    found = declared.recomputed if declared else None
    if declared is None or found is None:
        return
    place = Place(FILE, found.place.line)
    if len(declared.decisions) != 1:
        yield fault(
            "pack.E320",
            Text("写回登记库要正好一个决策。", "What is written back is one decision."),
            place,
            Text("请在 decisions 里只写一个。", "Name one in `decisions`."),
        )
    register = registers.get(found.register)
    if register is None:
        if whole:
            yield unknown("pack.E050", _REGISTER, found.register, registers, place)
        return
    if not register.may_write(pack):
        yield _not_allowed(register, pack, "writers", place)
    known = {*declared.columns, *(each.name for each in found.counts)}
    for name, source in found.fields.items():
        if name not in register.by_name:
            yield unknown("pack.E051", _FIELD, name, register.by_name, place)
        elif name in (register.key, register.division, register.subject_field):
            yield fault(
                "pack.E321",
                Text("“{name}”说明记录是谁、在哪，不能重算。",
                     "“{name}” says whose record it is and where: nothing to compute.", name=name),
                place,
                Text("请另选一个字段。", "Name another field."),
            )  # fmt: skip
        if source not in known:
            yield unknown("pack.E020", Text("结果列", "column"), source, known, place)
    if register.sensitive:
        yield fault(
            "pack.E322",
            Text("{register}有敏感字段，不能整库重算。",
                 "{register} has sensitive fields: it is not written as a whole.",
                 register=register.name),
            place,
            Text("请把要重算的放在另一个库里。", "Keep what is computed in another register."),
        )  # fmt: skip
    for each in found.counts:
        yield from _count(each, pack, registers, whole=whole)


def _count(
    counted: Counted, pack: str, registers: Mapping[str, Register], *, whole: bool
) -> Iterator[Finding]:
    place = Place(FILE, counted.place.line)
    other = registers.get(counted.register)
    if other is None:
        if whole:
            yield unknown("pack.E050", _REGISTER, counted.register, registers, place)
        return
    if not other.may_look(pack):
        yield _not_allowed(other, pack, "readers", place)
    for name in filter(None, (counted.by, counted.dated)):
        if name not in other.by_name:
            yield unknown("pack.E051", _FIELD, name, other.by_name, place)
    dated = other.by_name.get(counted.dated)
    if dated is not None and dated.type != "date":
        yield fault(
            "pack.E323",
            Text("“{name}”不是日期。", "“{name}” is no date.", name=dated.name),
            place,
            Text("dated 请写日期字段。", "Let `dated` name a field of type date."),
        )
    if counted.when is None:
        return
    yield from counted.when.unknown({*other.by_name, ON})
    # The compiler to SQL takes longer to load than most packs to check.
    from xiangyun.kernel.occasion.condition import condition_sql  # noqa: PLC0415

    types = {field.name: field.type for field in other.fields if not field.sensitive}
    try:
        condition_sql(counted.when, types, _ANY_DAY)
    except Refused as refused:
        yield from refused.findings


def _not_allowed(register: Register, pack: str, key: str, place: Place) -> Finding:
    return fault(
        "pack.E052",
        Text("{register}没有允许 {pack} 这样做。", "{register} does not allow {pack} to do so.",
             register=register.name, pack=pack),
        place,
        Text("请由库的主管部门在 {key} 里写上 {pack}。",
             "The department of the register writes {pack} into `{key}`.", key=key, pack=pack),
    )  # fmt: skip
