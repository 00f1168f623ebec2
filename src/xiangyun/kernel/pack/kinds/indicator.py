"""`indicators.yaml`: figures by period and division, over registers, cases and other figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.pack.advice import all_rows
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.role import check_department
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.projection import (
    ALL_CASES,
    BOOKING_DATES,
    BOOKING_FIELDS,
    CASE_DATES,
    CASE_FIELDS,
    INDICATORS,
    Indicator,
    Over,
    read_indicators,
)
from xiangyun.kernel.projection.inputs import inputs_of
from xiangyun.kernel.record import Register

DATES = ("date", "moment")


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    text = files.get(INDICATORS)
    if text is None:
        return []
    return [
        Declaration(
            KIND.name,
            each.id,
            pack,
            each.name,
            {INDICATORS: text},
            each,
            Place(INDICATORS, each.place.line),
        )
        for each in read_indicators(text, report)
    ]


def indicators_in(known: Known) -> Mapping[str, Indicator]:
    """The indicators that are known, by their ids."""
    return {each.code: each.value for each in known.all(KIND.name).values()}


def types_of(over: Over, known: Known) -> Mapping[str, str] | None:
    """The names and types of the fields of rows; None where nobody knows them."""
    if over.kind == "cases":
        return {
            **dict.fromkeys(over.answers, "text"),
            **dict.fromkeys(over.findings, "integer"),
            **CASE_FIELDS,
        }
    if over.kind == "bookings":
        return BOOKING_FIELDS
    register = registers_in(known).get(over.code)
    return None if register is None else open_types(register)


def open_types(register: Register) -> dict[str, str]:
    """What of a register may be computed with: no sensitive field, no list."""
    return {
        field.name: field.type
        for field in register.fields
        if not field.sensitive and field.type != "list"
    }


def check_over(over: Over, declaration: Declaration, known: Known) -> Iterator[Finding]:
    """The register or the service is there, may be read, and has the date that is named."""
    if over.kind == "cases":
        yield from _over_cases(over, known)
        return
    if over.kind == "bookings":
        resources = known.all("resource")
        if over.code != ALL_CASES and over.code not in resources and known.judges("resource"):
            yield unknown("pack.E050", Text("资源", "resource"), over.code, resources, over.place)
        if over.at not in BOOKING_DATES:  # a booking is always for a day
            yield unknown("pack.E051", Text("日期", "date"), over.at, BOOKING_DATES, over.place)
        return
    registers = registers_in(known)
    register = registers.get(over.code)
    if register is None:
        if known.whole:
            yield unknown("pack.E050", Text("库", "register"), over.code, registers, over.place)
        return
    if declaration.pack and not register.may_look(declaration.pack):
        yield fault(
            "pack.E052",
            Text(
                "{register}没有允许 {pack} 查询。",
                "{register} does not allow {pack} to look records up.",
                register=register.name,
                pack=declaration.pack,
            ),
            over.place,
            Text(
                "请由库的主管部门在 readers 里写上 {pack}。",
                "The department of the register writes {pack} into `readers`.",
                pack=declaration.pack,
            ),
        )
    dates = [name for name, type_ in open_types(register).items() if type_ in DATES]
    if over.at and over.at not in dates:
        yield unknown("pack.E051", Text("日期", "date"), over.at, dates, over.place)


def _over_cases(over: Over, known: Known) -> Iterator[Finding]:
    services = known.all("service")
    if over.code != ALL_CASES and over.code not in services and known.judges("service"):
        yield unknown("pack.E050", Text("事项", "service"), over.code, services, over.place)
    if over.at and over.at not in CASE_DATES:
        yield unknown("pack.E051", Text("日期", "date"), over.at, CASE_DATES, over.place)
    form = services[over.code].value.form if over.code in services else None
    open_ = {q.key for q in form.questions} - form.sensitive if form else set()
    for name in over.answers:
        if (form or over.code == ALL_CASES) and name not in open_ - CASE_FIELDS.keys():
            kind = Text("可以统计的问题", "question that may be counted by")
            yield unknown("pack.E025", kind, name, sorted(open_ - CASE_FIELDS.keys()), over.place)
    if form or over.code == ALL_CASES:
        rules = services[over.code].value.rules if form else None
        told = all_rows(rules) if rules else frozenset[str]()
        for name in {each for ids in over.findings.values() for each in ids} - told:
            yield unknown(
                "pack.E025", Text("规则发现", "finding of the rules"), name, told, over.place
            )


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    own: Indicator = declaration.value
    if own.department:
        yield from check_department(own.department, declaration.place)
    if own.of is not None:
        yield from _composed(own, known, declaration)
        return
    if own.over is None or own.measure is None:
        return
    yield from check_over(own.over, declaration, known)
    yield from _gives_nobody_away(own, known)
    types = types_of(own.over, known)
    if types is None:
        return
    # The compiler to SQL takes longer to load than most packs to check, and hardly any needs it.
    from xiangyun.kernel.projection.statement import Rows, figures_sql, unknown_in  # noqa: PLC0415

    rows = Rows("SELECT 1", types)
    wrong = list(unknown_in([own.when, own.measure.formula], rows))
    yield from wrong
    if own.part and own.part not in rows.names:
        kind = Text("字段", "field")
        yield unknown("pack.E051", kind, own.part, sorted(rows.names), declaration.place)
        return
    if not wrong:
        try:
            figures_sql(own, rows, "postgres")
        except Refused as refused:
            yield from refused.findings


def _gives_nobody_away(own: Indicator, known: Known) -> Iterator[Finding]:
    """Records that a whole office may not know are counted in rounded numbers alone."""
    assert own.over is not None
    register = registers_in(known).get(own.over.code) if own.over.kind == "register" else None
    if register is not None and register.need != "ordinary" and not own.few:
        yield fault(
            "pack.E151",
            Text(
                "{register}不是人人可见的库，“{id}”要写 few。",
                "{register} is not known to whole offices: “{id}” needs `few`.",
                register=register.name,
                id=own.id,
            ),
            own.place,
            Text("例如 few: 5。", "Such as few: 5."),
        )
    people = own.over.kind == "cases" or (register is not None and register.subject == "person")
    if own.open and people and not own.few:
        yield fault(
            "pack.E450",
            Text(
                "“{id}”向所有人公开，数的是人或者办件，要写 few。",
                "“{id}” is open to everybody and counts people or cases: it needs `few`.",
                id=own.id,
            ),
            own.place,
            Text("例如 few: 5。", "Such as few: 5."),
        )


def _composed(own: Indicator, known: Known, declaration: Declaration) -> Iterator[Finding]:
    """What it is made of is there, has periods of the same length, and is not made of itself."""
    assert own.of is not None
    others = {**indicators_in(known), own.id: own}
    used = inputs_of(own, others)
    for name in used.unknown:
        if known.judges(KIND.name):
            kind = Text("指标", "indicator")
            yield unknown("pack.E050", kind, name, sorted(others), own.of.place)
    for each in used.inputs:
        other = others[each.id]
        if other.period != own.period:
            yield fault(
                "projection.E013",
                Text(
                    "“{other}”按{theirs}算，这里按{own}算。",
                    "“{other}” is computed by {theirs}, this one by {own}.",
                    other=other.id,
                    theirs=other.period,
                    own=own.period,
                ),
                own.of.place,
                Text("请让两者的 period 一致。", "Give both the same `period`."),
            )
    if own.id in used.all_below:
        yield fault(
            "projection.E014",
            Text("“{id}”由它自己算出来。", "“{id}” is made of itself.", id=own.id),
            own.of.place,
            Text("请拆开这个圈。", "Break the circle."),
        )
        return
    if not used.unknown:
        # As above.
        from xiangyun.kernel.projection.statement import Rows, composed_sql  # noqa: PLC0415

        types = {each.name: "number" for each in used.inputs}
        try:
            composed_sql(own, Rows("SELECT 1", types, has_period=False), "postgres")
        except Refused as refused:
            yield from refused.findings


KIND = Kind(
    "indicator",
    Text("指标", "indicator"),
    (INDICATORS,),
    lambda path: path == INDICATORS,
    _read,
    _fits,
)
