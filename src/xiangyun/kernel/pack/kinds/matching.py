"""`matchings/<code>.yaml` and `.dmn`: whose records fit whose, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xiangyun.kernel.dmn.beside import rules_beside
from xiangyun.kernel.dmn.items import unrestricted
from xiangyun.kernel.feel.types import ANY, BOOLEAN, DATE, NUMBER, STRING, Type
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.matching import Matching, Side, checked_matching, judge
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.laws import note_unverified
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.record import Register
from xiangyun.kernel.record.data import as_feel, check_record

FILES, RULES = "matchings/*.yaml", "matchings/*.dmn"
READ_AS: Mapping[str, Type] = {
    "text": STRING,
    "choice": STRING,
    "number": NUMBER,
    "integer": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
}
"""How a decision reads fields that it can compare in SQL; lists and moments it cannot."""


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    declared = globs(FILES)
    for path, text in sorted(files.items()):
        if not declared(path):
            continue
        rules_file = rules_beside(path)
        rules = files.get(rules_file)
        matching, findings = checked_matching(text, rules, path)
        for finding in (*findings, *note_unverified(text, path)):
            report(finding)
        if matching is not None and matching.code:
            own = {path: text} if rules is None else {path: text, rules_file: rules}
            place = Place(path, matching.place.line)
            found.append(
                Declaration(KIND.name, matching.code, pack, matching.name, own, matching, place)
            )
    return found


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """Both registers exist and hold what the decision reads, by its type."""
    own: Matching = declaration.value
    registers = registers_in(known)
    for side in (own.offers, own.demands):
        register = registers.get(side.register)
        if register is not None:
            yield from _of_register(own, side, register)
        elif known.judges("register"):
            kind = Text("登记库", "register")
            yield unknown("pack.E240", kind, side.register, registers, side.place)
    yield from _beside(own, declaration.pack, known)


def _beside(own: Matching, pack: str, known: Known) -> Iterator[Finding]:
    """What follows a pair, and what it keeps secret, lies in registers with these fields."""
    registers = registers_in(known)
    named: list[tuple[str, Sequence[str], Place]] = []
    if (followed := own.followed) is not None:
        told = (followed.offer, followed.demand, followed.day, *followed.values,
                  *followed.of_offer, *followed.offers, *followed.demands,
                  *((followed.at,) if followed.books else ()))  # fmt: skip
        named.append((followed.register, told, followed.place))
        resources = known.all("resource")
        if followed.books and followed.books not in resources and known.judges("resource"):
            kind = Text("预约资源", "resource")
            yield unknown("pack.E462", kind, followed.books, resources, followed.place)
        if (of := resources.get(followed.books)) is not None and of.value.each is not None:
            # Whose it is has to be one of the two.
            sides, whose = (own.offers.register, own.demands.register), of.value.each.register
            if whose not in sides:
                kind = Text("登记库", "register")
                yield unknown("pack.E462", kind, whose, sides, followed.place)
        kept = registers.get(followed.register)
        if kept is not None and not kept.may_write(pack):
            yield fault(
                "pack.E463",
                Text(
                    "{register}没有允许 {pack} 登记，双方记不下进展。",
                    "{register} does not let {pack} write, so that the two can tell nothing.",
                    register=kept.name,
                    pack=pack,
                ),
                followed.place,
                Text("请把它写进库的 writers。", "Name it in `writers` of the register."),
            )
    if own.secret is not None:
        named.append((own.secret.register, (own.secret.field,), own.secret.place))
    for code, fields, place in named:
        register = registers.get(code)
        if register is None:
            if known.judges("register"):
                yield unknown("pack.E462", Text("登记库", "register"), code, registers, place)
            continue
        for name in fields:
            if name and name not in register.by_name:
                yield unknown("pack.E462", Text("字段", "field"), name, register.by_name, place)


def _of_register(own: Matching, side: Side, register: Register) -> Iterator[Finding]:
    field_word = Text("字段", "field")
    if side.key != register.key:
        yield unknown("pack.E241", field_word, side.key, [register.key], side.place)
    for name, type_ in own.fields(side).items():
        field = register.by_name.get(name)
        if field is None or field.sensitive:
            open_fields = [each.name for each in register.fields if not each.sensitive]
            yield unknown("pack.E241", field_word, name, open_fields, side.place)
        elif (read := unrestricted(type_)) is not ANY and READ_AS.get(field.type) != read:
            yield fault(
                "pack.E242",
                Text(
                    "决策读的“{name}”和登记库里的类型不同。",
                    "The decision reads “{name}” by another type than the register has.",
                    name=f"{side.name}.{name}",
                ),
                side.place,
                Text(
                    "登记库的类型是 {type}；请改决策的 typeRef。",
                    "The register’s type is {type}; mend the typeRef of the decision.",
                    type=field.type,
                ),
            )


def _rehearse(declaration: Declaration, known: Known) -> Iterator[Finding]:
    own: Matching = declaration.value
    registers = registers_in(known)
    for example in own.examples:
        sides = ((own.offers, example.offer), (own.demands, example.demand))
        records: list[Mapping[str, Value]] = []
        for side, data in sides:
            register = registers.get(side.register)
            if register is None:
                return
            values, findings = _as_record(register, data)
            for each in findings:
                yield Finding(each.id, each.severity, each.message, example.place, each.hint)
            records.append(values)
        judged = judge(own, *records)
        found, wanted = sorted(each.row_id for each in judged.unmet), sorted(example.unmet)
        if found != wanted:
            yield fault(
                "matching.E008",
                Text(
                    "这个例子没有达到的是{found}，不是{wanted}。",
                    "This example does not meet {found} rather than {wanted}.",
                    found=found,
                    wanted=wanted,
                ),
                example.place,
                Text("请改决策表，或者改 unmet。", "Mend the decision, or `unmet`."),
            )


def _as_record(
    register: Register, data: Mapping[str, Any]
) -> tuple[Mapping[str, Value], Sequence[Finding]]:
    checked = check_record(register, data, partial=True)
    return as_feel(register, checked.values), checked.findings


KIND = Kind(
    "matching",
    Text("撮合", "matching"),
    (FILES,),
    globs(FILES, RULES),
    _read,
    _fits,
    _rehearse,
)
