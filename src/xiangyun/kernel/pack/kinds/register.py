"""`registers/<code>.yaml`: what is kept of somebody or something, a file each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.role import check_department, check_roles, line_of
from xiangyun.kernel.pack.objections import in_clear, rectifies, told
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.laws import note_unverified
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.record import OBJECTED, Register, checked_register
from xiangyun.kernel.record.model import EVERYBODY, GIVERS, Entered, is_pack_code
from xiangyun.kernel.record.objected import NEEDED
from xiangyun.kernel.service.tasks import register_rectify

FILES = "registers/*.yaml"


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    for path, text in sorted(files.items()):
        if not KIND.owns(path):
            continue
        register, findings = checked_register(text, path)
        for finding in (*findings, *note_unverified(text, path)):
            report(finding)
        if register is not None and register.code:
            place = Place(path, register.place.line)
            found.append(
                Declaration(
                    KIND.name, register.code, pack, register.name, {path: text}, register, place
                )
            )
    return found


def registers_in(known: Known) -> Mapping[str, Register]:
    """The registers that are known, by their codes, and by those that they had formerly."""
    declared = [each.value for each in known.all(KIND.name).values()]
    formerly = {code: register for register in declared for code in register.formerly}
    return formerly | {register.code: register for register in declared}


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """Department, roles and names are right, and its service for objections takes them."""
    own: Register = declaration.value
    yield from _of_offices(declaration, own, known)
    yield from _of_others(declaration, own, known)
    if own.objection:
        yield from _objections(declaration, own, known)
    if own.entered is not None:
        yield from _entered(own, own.entered, known)


def _entered(own: Register, entered: Entered, known: Known) -> Iterator[Finding]:
    """Records that their subjects enter are somebody's, and what they name is declared."""
    if entered.through:
        if entered.through not in own.by_name:
            yield unknown("pack.E461", Text("字段", "field"), entered.through, own.by_name,
                          entered.place)  # fmt: skip
        registers = registers_in(known)
        other = registers.get(entered.register)
        if other is None and known.judges(KIND.name):
            yield unknown("pack.E461", Text("库", "register"), entered.register, registers,
                          entered.place)  # fmt: skip
    digests = [name for name, field in own.by_name.items() if field.searched == "code"]
    for name in entered.files:
        if name not in digests:
            yield unknown("pack.E461", Text("字段", "field"), name, digests, entered.place)
    yield from _given(own, entered)
    subject = own.subject in ("person", "organisation")
    if own.need != "ordinary" or not (entered.through or subject):
        yield fault(
            "pack.E460",
            Text(
                "{register}的记录不能由主体自己登记：要么不是 ordinary，要么不知道是谁的。",
                "Nobody enters records of {register} for themselves: it is not ordinary, or they "
                "are nobody's.",
                register=own.name,
            ),
            entered.place,
            Text(
                "请写 subject: person 或 organisation，或者写 through。",
                "Write subject: person or organisation, or `through`.",
            ),
        )
    lists = known.all("wording")
    if entered.wording and entered.wording not in lists and known.judges("wording"):
        kind = Text("词表", "word list")
        yield unknown("pack.E461", kind, entered.wording, lists, entered.place)


def _given(own: Register, entered: Entered) -> Iterator[Finding]:
    """What the platform gives is of fields that are free to give, from what is known."""
    taken = {own.key, own.subject_field, entered.through, *entered.files}
    free = [name for name in own.by_name if name not in taken]
    for name, formula in entered.given.items():
        if name not in free:
            yield unknown("pack.E461", Text("字段", "field"), name, free, formula.place)
        yield from formula.unknown((*own.by_name, *GIVERS))


def _of_offices(declaration: Declaration, own: Register, known: Known) -> Iterator[Finding]:
    """Its department exists, and whoever may read and write it can be somebody."""
    (file, text), *_ = declaration.files.items()
    yield from check_department(own.department, line_of(text, file, "department"))
    for key in ("readers", "writers"):
        named = [each for each in getattr(own, key) if not is_pack_code(each)]
        roles = [each for each in named if each != EVERYBODY]
        at = dict.fromkeys(roles, line_of(text, file, key))
        yield from check_roles(roles, known, at, department_key=own.department)


def _of_others(declaration: Declaration, own: Register, known: Known) -> Iterator[Finding]:
    """A code of before is nobody else's: whoever asks by it would get the wrong register."""
    if OBJECTED.code in (own.code, *own.formerly):
        yield fault(
            "pack.E054",
            Text(
                "“{code}”是平台自己的代码，库不能用。",
                "“{code}” is a code of the platform's own: no register has it.",
                code=OBJECTED.code,
            ),
            declaration.place,
            Text("请另起一个代码。", "Choose another code."),
        )
    for other in known.all(KIND.name).values():
        if other.code == own.code:
            continue
        for code in own.formerly:
            if code in (other.code, *other.value.formerly):
                yield fault(
                    "pack.E054",
                    Text(
                        "“{code}”是 {pack} 的库“{other}”的代码，不能写在 formerly 里。",
                        "“{code}” is a code of “{other}”, a register of {pack}: not one of before.",
                        code=code,
                        other=other.code,
                        pack=other.pack,
                    ),
                    declaration.place,
                    Text("请从 formerly 里删去。", "Remove it from `formerly`."),
                )


def _objections(declaration: Declaration, own: Register, known: Known) -> Iterator[Finding]:
    """The service by which the subject objects exists, is told what to, and can put it right."""
    services = known.all("service")
    found = services.get(own.objection)
    if own.subject == "none":
        yield _no_objections(
            declaration,
            own,
            Text("这个库的记录不关于任何人", "its records are about nobody"),
            Text("请写 subject，或者删去 objection。", "Write `subject`, or remove `objection`."),
        )
    if found is None:
        # The service is published after the registers that it corrects: no fault by itself. Where
        # there are such services and this is none of them, it was perhaps misspelt.
        taking = [each.code for each in services.values() if rectifies(each.value)]
        if known.whole and taking:
            yield unknown(
                "pack.W015", Text("事项", "service"), own.objection, taking, declaration.place
            )
        return
    if missing := [name for name in NEEDED if name not in told(found.value).values()]:
        yield _no_objections(
            declaration,
            own,
            Text(
                "“{service}”的表单没有取用 {missing}",
                "the form of “{service}” does not show {missing}",
                service=own.objection,
                missing=[f"{OBJECTED.code}.{name}" for name in missing],
            ),
            Text("请在问题的 source 里写上。", "Write them as `source` of questions."),
        )
    elif not rectifies(found.value):
        yield _no_objections(
            declaration,
            own,
            Text(
                "“{service}”的流程没有 {task}",
                "no process of “{service}” has {task}",
                service=own.objection,
                task=register_rectify.TYPE.name,
            ),
            Text("请加一个这样的服务任务。", "Add a service task of that type."),
        )
    elif (secret := [*filter(own.may_object, sorted(own.sensitive))]) and (
        questions := in_clear(found.value)
    ):
        yield fault(
            "pack.W100",
            Text(
                "“{service}”的{questions}没有写 sensitive：{fields} 不能在网上提出异议。",
                "{questions} of “{service}”: not sensitive, so nobody objects online to {fields}.",
                service=own.objection,
                questions=questions,
                fields=secret,
            ),
            declaration.place,
            Text(
                '请在这些问题写 "properties": {"sensitive": "true"}；这样的异议是密封的办件。',
                'Mark them with "properties": {"sensitive": "true"}; such an objection is sealed.',
            ),
            "warning",
        )


def _no_objections(declaration: Declaration, own: Register, why: Text, hint: Text) -> Finding:
    return fault(
        "pack.E075",
        Text(
            "对{register}的异议办不了：{why}。",
            "Nobody can object to {register}: {why}.",
            register=own.name,
            why=why,
        ),
        declaration.place,
        hint,
    )


KIND = Kind("register", Text("库", "register"), (FILES,), globs(FILES), _read, _fits)
