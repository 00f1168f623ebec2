"""`draws.yaml`: what is drawn of a register by lot, who visits it, and which service opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.occasion.draws import DRAWN, FILE, DeclaredDraw, read_draws
from xiangyun.kernel.occasion.model import ON
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.pack.kinds.duty import field_types
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.role import check_roles
from xiangyun.kernel.pack.openedcases import opened_by
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.openings import DRAW

_ANY_DAY = date(2024, 2, 29)


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    text = files.get(FILE)
    if text is None:
        return []
    return [
        Declaration(
            KIND.name,
            f"{pack}:{draw.id}",
            pack,
            draw.name,
            {FILE: text},
            draw,
            Place(FILE, draw.place.line),
        )
        for draw in read_draws(text, report)
    ]


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    draw: DeclaredDraw = declaration.value
    place = declaration.place
    services = {each.code: each.value for each in known.all("service").values()}
    opened = services.get(draw.service)
    if opened is not None and opened.service is not None:  # whose role it is without a department
        key = opened.service.department
        held = [each for each in (draw.orders, draw.inspectors.role) if each]
        yield from check_roles(held, known, dict.fromkeys(held, place), department_key=key)
    whole = known.judges("service")
    if draw.recusal and whole and draw.recusal not in services:
        yield unknown("pack.E050", Text("事项", "service"), draw.recusal, services, place)
    yield from opened_by(DRAW, draw.service, draw.answers, services, place, whole=whole)
    frame, people = draw.frame, draw.inspectors
    registers = registers_in(known)
    objects = registers.get(frame.register)
    if objects is None:
        yield from _no_register(frame.register, registers, known, place)
    else:
        formulas = (frame.when, frame.weight, frame.cap)
        named = (frame.stratum, frame.place, frame.items)
        yield from _fields(declaration, objects, named, formulas, (ON,))
        yield from _formulas(objects, draw.answers.values(), DRAWN)
        yield from _condition(objects, frame.when)
        if not (frame.place or objects.division):
            yield fault(
                "pack.E163",
                Text("{register}的记录没有所在地。", "Records of {register} lie nowhere.",
                     register=objects.name),
                place,
                Text("请写 place：哪一项是区划代码。", "Say with `place` which field it is."),
            )  # fmt: skip
        yield from _strata(draw, objects, place)
    if frame.items_in and frame.items_in not in registers:
        yield from _no_register(frame.items_in, registers, known, place)
    inspectors = registers.get(people.register)
    if inspectors is None:
        yield from _no_register(people.register, registers, known, place)
    else:
        who = (people.team, people.place, people.recused, people.account, people.name)
        yield from _fields(declaration, inspectors, who, (people.when,), (ON,))
        yield from _condition(inspectors, people.when)


def _no_register(
    code: str, registers: Mapping[str, Register], known: Known, place: Place
) -> Iterator[Finding]:
    if known.whole and code:
        yield unknown("pack.E050", Text("库", "register"), code, registers, place)


def _fields(
    declaration: Declaration,
    register: Register,
    named: Iterable[str],
    formulas: Iterable[Formula | None],
    besides: Iterable[str],
) -> Iterator[Finding]:
    """A register that may be looked into, fields that there are, none of them sensitive."""
    place = declaration.place
    if not register.may_look(declaration.pack):
        yield fault(
            "pack.E052",
            Text("{register}没有允许 {pack} 查询。",
                 "{register} does not allow {pack} to look records up.",
                 register=register.name, pack=declaration.pack),
            place,
            Text("请由库的主管部门在 readers 里写上 {pack}。",
                 "The department of the register writes {pack} into `readers`.",
                 pack=declaration.pack),
        )  # fmt: skip
    for name in filter(None, named):
        if name not in register.by_name:
            yield unknown("pack.E051", Text("字段", "field"), name, register.by_name, place)
        elif name in register.sensitive:
            yield _sensitive(name, place)
    yield from _formulas(register, formulas, besides)


def _formulas(
    register: Register, formulas: Iterable[Formula | None], besides: Iterable[str]
) -> Iterator[Finding]:
    for formula in formulas:
        if formula is not None:
            yield from formula.unknown({*register.by_name, *besides})
            used = {name.name for name in formula.expression.unknown_names(())}
            for name in sorted(used & register.sensitive):
                yield _sensitive(name, formula.place)


def _condition(register: Register, when: Formula | None) -> Iterator[Finding]:
    # The compiler to SQL takes longer to load than most packs to check; few packs draw.
    from xiangyun.kernel.occasion.condition import condition_sql  # noqa: PLC0415

    try:
        condition_sql(when, field_types(register), _ANY_DAY)
    except Refused as refused:
        yield from refused.findings


def _strata(draw: DeclaredDraw, register: Register, place: Place) -> Iterator[Finding]:
    """A class that no record can have is drawn of in vain."""
    field = register.by_name.get(draw.frame.stratum)
    options = [option.value for option in field.options] if field and field.options else []
    for name, _ in draw.strata if options else ():
        if name not in options:
            yield unknown("pack.E164", Text("类别", "class"), name, options, place)


def _sensitive(name: str, place: Place) -> Finding:
    return fault(
        "pack.E093",
        Text("“{name}”是敏感字段，抽查名录是公开的。",
             "“{name}” is sensitive, and the frame of a draw is published.", name=name),
        place,
        Text("请换一个字段。", "Name another field."),
    )  # fmt: skip


KIND = Kind(
    "draw", Text("抽查", "draw"), (FILE,), lambda path: path == FILE, _read, _fits, referred=False
)
