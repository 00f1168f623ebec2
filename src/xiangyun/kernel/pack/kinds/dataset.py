"""`datasets/<code>.yaml`: what is open of registers, cases, figures and files, a file each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.indicator import check_over, indicators_in, types_of
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.role import check_department, line_of
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.laws import note_unverified
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.projection import DATASETS, FIGURE_FIELDS, DataSet, read_dataset

TABLES = "data/*.csv"


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    matches = globs(DATASETS)
    for path, text in sorted(files.items()):
        if not matches(path):
            continue
        dataset = read_dataset(text, path, report)
        for finding in note_unverified(text, path):
            report(finding)
        if dataset is not None and dataset.code:
            own = {path: text}
            if dataset.over.kind == "file":
                own |= _table(dataset, files, path, report)
            place = Place(path, dataset.place.line)
            found.append(
                Declaration(KIND.name, dataset.code, pack, dataset.name, own, dataset, place)
            )
    return found


def _table(dataset: DataSet, files: Mapping[str, str], path: str, report: Report) -> dict[str, str]:
    """The file beside it, where the pack brings one; a large one is given when it is built."""
    name = dataset.over.code
    if name in files:
        return {name: files[name]}
    tables = [each for each in files if globs(TABLES)(each)]
    if tables:
        report(unknown("pack.E050", Text("文件", "file"), name, tables, dataset.over.place))
    return {}


def row_types(dataset: DataSet, known: Known) -> Mapping[str, str] | None:
    """The names and types of what its formulas are over; None where nobody knows them."""
    if dataset.over.kind == "indicators":
        return {**FIGURE_FIELDS, **dict.fromkeys(dataset.indicators, "number")}
    if dataset.over.kind == "file":
        return {column.name: column_type(column.type) for column in dataset.columns}
    return types_of(dataset.over, known)


def column_type(type_: str) -> str:
    """A column's type as that of a field."""
    return "text" if type_ == "division" else type_


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    own: DataSet = declaration.value
    (file, text), *_ = declaration.files.items()
    yield from check_department(own.department, line_of(text, file, "department"))
    if own.over.kind == "indicators":
        yield from _figures(own, known)
    elif own.over.kind != "file":
        yield from check_over(own.over, declaration, known)
        yield from _gives_nobody_away(own, known)
    yield from _grouped(own, known)
    types = row_types(own, known)
    if types is None:
        return
    # The compiler to SQL takes longer to load than most packs to check, and hardly any needs it.
    from xiangyun.kernel.projection.statement import Rows, table_sql, unknown_in  # noqa: PLC0415

    has_period = own.over.kind == "indicators" or bool(own.over.at) or own.update != "irregular"
    rows = Rows("SELECT 1", types, has_period)
    formulas = [own.when, *(column.of for column in own.columns)]
    formulas += [column.measure.formula for column in own.columns if column.measure is not None]
    wrong = list(unknown_in(formulas, rows))
    yield from wrong
    if not wrong:
        try:
            table_sql(own, rows, "postgres")
        except Refused as refused:
            yield from refused.findings


def _figures(own: DataSet, known: Known) -> Iterator[Finding]:
    others = indicators_in(known)
    for id_ in own.indicators:
        if id_ not in others:
            if known.judges("indicator"):
                kind = Text("指标", "indicator")
                yield unknown("pack.E050", kind, id_, sorted(others), own.over.place)
        elif others[id_].period != own.period:
            yield fault(
                "projection.E013",
                Text(
                    "“{other}”按{theirs}算，这里按{own}算。",
                    "“{other}” is computed by {theirs}, this one by {own}.",
                    other=id_,
                    theirs=others[id_].period,
                    own=own.period,
                ),
                own.over.place,
                Text("请让两者的 period 一致。", "Give both the same `period`."),
            )


def _gives_nobody_away(own: DataSet, known: Known) -> Iterator[Finding]:
    """Rows about people and cases are open as tables alone, with a rule of what is not shown."""
    register = registers_in(known).get(own.over.code)
    about_people = own.over.kind in ("cases", "bookings") or (register is not None and (
        register.subject == "person" or register.need != "ordinary"
    ))  # fmt: skip
    if about_people and not own.measured:
        yield fault(
            "projection.E015",
            Text(
                "这些行与个人有关，不能逐行公开。",
                "The rows are about single people or cases: they are not opened row by row.",
            ),
            own.place,
            Text("请用 measure 汇总。", "Sum them up with `measure`."),
        )
    elif about_people and own.disclosure is None:
        yield fault(
            "projection.E016",
            Text(
                "没有写 disclosure：不知道多小的数不能公开。",
                "Without `disclosure` nobody knows which figures are too small to be shown.",
            ),
            own.place,
            Text("例如 disclosure: {example}。", "Such as disclosure: {example}.",
                 example="{threshold: 3}"),
        )  # fmt: skip


def _grouped(own: DataSet, known: Known) -> Iterator[Finding]:
    """Tables of one group are of the same rows: only then are they looked at as one."""
    group = own.disclosure.group if own.disclosure is not None else ""
    for code, other in known.all("dataset").items() if group else ():
        theirs: DataSet = other.value
        if (
            theirs.disclosure is not None
            and theirs.disclosure.group == group
            and theirs.population != own.population
        ):
            yield fault(
                "projection.E017",
                Text(
                    "“{code}”同在组“{group}”，但不是同一批行（over、when 不同）。",
                    "“{code}” is in the group “{group}”, too, and of other rows (over, when).",
                    code=code,
                    group=group,
                ),
                own.place,
                Text(
                    "同组的表一起检查，行要相同；否则请用另一个组名。",
                    "Tables of a group are looked at as one: give them the same rows, or two.",
                ),
            )


KIND = Kind(
    "dataset",
    Text("数据集", "data set"),
    (DATASETS,),
    globs(DATASETS, TABLES),
    _read,
    _fits,
)
