"""`duties.yaml`: for which rows of a register which service opens, and how often."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiangyun.kernel.dmn import Model, checked_model
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.occasion import FILE, Duty, read_duties
from xiangyun.kernel.occasion.model import ON
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.role import check_roles
from xiangyun.kernel.pack.openedcases import opened_by
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.packfile.parameters import FILE as PARAMETERS
from xiangyun.kernel.packfile.parameters import Parameters, read_parameters
from xiangyun.kernel.packfile.yamltext import Report, read_yaml
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.openings import DUTY

RULES = "rules.dmn"
FIGURES = "parameters"
"""The figures in force on the day, as a decision that says how often sees them."""
_ANY_DAY = date(2024, 2, 29)


@dataclass(frozen=True, slots=True)
class DeclaredDuty:
    """A duty, and the rules of its pack that say how often; None where no decision does.

    `figures`: those of the pack, which its decisions see as `parameters`.
    """

    duty: Duty
    rules: Model | None
    figures: Parameters = Parameters(())  # noqa: RUF009  a frozen value, the same for all


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    rules: Model | None = None
    if RULES in files:  # its faults are told where the service is checked, if there is one
        rules, findings = checked_model(files[RULES], RULES)
        for finding in findings if "service.yaml" not in files else ():
            report(finding)
    figures = _figures(files, report)
    found = []
    for duty in read_duties(files.get(FILE, ""), report) if FILE in files else ():
        if duty.every.decision and (rules is None or duty.every.decision not in rules.by_name):
            names = [name for pair in rules.decisions for name in pair] if rules else []
            kind = Text("决策", "decision")
            report(unknown("pack.E021", kind, duty.every.decision, names, duty.every.place))
        own = {path: files[path] for path in _OWN if path in files}
        found.append(
            Declaration(
                KIND.name,
                f"{pack}:{duty.id}",
                pack,
                duty.name,
                own,
                DeclaredDuty(duty, rules, figures),
                Place(FILE, duty.place.line),
            )
        )
    return found


_OWN = (FILE, RULES, PARAMETERS)


def _figures(files: Mapping[str, str], report: Report) -> Parameters:
    """The figures of the pack; what is wrong with them is told with its service, if it has one."""
    silent = "service.yaml" in files
    root = (
        read_yaml(files[PARAMETERS], PARAMETERS, _unheard if silent else report)
        if (PARAMETERS in files)
        else None
    )
    return read_parameters(root, _unheard if silent else report) if root else Parameters(())


def _unheard(finding: Finding) -> None:
    """Told elsewhere."""


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    duty: Duty = declaration.value.duty
    place = declaration.place
    services = {each.code: each.value for each in known.all("service").values()}
    opened = services.get(duty.service)
    item = opened.service if opened is not None else None
    if item is not None:  # whose role it is without a department, the service says
        places = {duty.role: place}
        yield from check_roles([duty.role], known, places, department_key=item.department)
    whole = known.judges("service")
    yield from opened_by(DUTY, duty.service, duty.answers, services, place, whole=whole)
    registers = registers_in(known)
    register = registers.get(duty.register)
    if register is None:
        if known.whole and duty.register:
            yield unknown("pack.E050", Text("库", "register"), duty.register, registers, place)
        return
    yield from _rows(declaration, duty, register)


def _rows(declaration: Declaration, duty: Duty, register: Register) -> Iterator[Finding]:
    """Formulas over the fields that there are; a condition that SQL can say; rows to be read."""
    if not register.may_look(declaration.pack):
        yield fault(
            "pack.E052",
            Text(
                "{register}没有允许 {pack} 查询。",
                "{register} does not allow {pack} to look records up.",
                register=register.name,
                pack=declaration.pack,
            ),
            declaration.place,
            Text(
                "请由库的主管部门在 readers 里写上 {pack}。",
                "The department of the register writes {pack} into `readers`.",
                pack=declaration.pack,
            ),
        )
    names = {*register.by_name, ON}
    for formula in (duty.when, duty.every.formula, *duty.answers.values()):
        if formula is not None:
            yield from formula.unknown(names)
            yield from _open_only(formula, register)
    if duty.division and duty.division not in register.by_name:
        kind = Text("字段", "field")
        yield unknown("pack.E051", kind, duty.division, register.by_name, declaration.place)
    elif not (duty.division or register.division):
        yield fault(
            "pack.E092",
            Text(
                "{register}的记录没有所在地，不知道是哪里的职责。",
                "Records of {register} lie nowhere: nobody knows whose duty it is.",
                register=register.name,
            ),
            declaration.place,
            Text("请写 place：哪一项是区划代码。", "Say with `place` which field is the division."),
        )
    # The compiler to SQL takes longer to load than most packs to check, and hardly any has duties.
    from xiangyun.kernel.occasion.condition import condition_sql  # noqa: PLC0415

    try:
        condition_sql(duty.when, field_types(register), _ANY_DAY)
    except Refused as refused:
        yield from refused.findings


def _open_only(formula: Formula, register: Register) -> Iterator[Finding]:
    """Sensitive fields are encrypted, and no duty of its own opens them."""
    used = {name.name for name in formula.expression.unknown_names(())}
    for name in sorted(used & register.sensitive):
        yield fault(
            "pack.E093",
            Text("“{name}”是敏感字段，职责看不到。", "No duty sees “{name}”: it is sensitive.",
                 name=name),
            formula.place,
            Text("请让办件自己去库里查。", "Let the case look it up by itself."),
        )  # fmt: skip


def field_types(register: Register, without: Collection[str] = ()) -> dict[str, str]:
    """The types of the fields that a condition may name."""
    return {
        field.name: field.type
        for field in register.fields
        if not field.sensitive and field.name not in without
    }


KIND = Kind(
    "duty",
    Text("职责", "duty"),
    (FILE,),
    lambda path: path in _OWN,
    _read,
    _fits,
    referred=False,
)
