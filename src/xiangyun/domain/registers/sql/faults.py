"""What can be wrong with a run over a whole table; all of it is said before anything is run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.spelling import did_you_mean

from .tables import KIND_WORDS

OPTION = Place("命令行选项 option")


def _fault(id: str, message: Text, hint: Text | None, place: Place | None = None) -> Finding:
    return Finding(id, "error", message, place, hint)


def nothing_to_decide(code: str, decisions: Collection[str]) -> Finding:
    """Neither the pack nor an option says which decisions are meant."""
    return _fault(
        "register.E001",
        Text(
            "没有说明“{code}”的哪些决策要逐行决定。",
            "It is not said which decisions of “{code}” are made for every row.",
            code=code,
        ),
        Text(
            "写进事项的 population.yaml，或者用 --decision 指明；决策有：{decisions}。",
            "Say it in the pack's population.yaml or by --decision; there are: {decisions}.",
            decisions=", ".join(decisions) or "—",
        ),
    )


def lacking(missing: Mapping[str, str], columns: Collection[str]) -> Finding:
    """Columns that are not there, each with what it is wanted for."""
    listed = ", ".join(
        column if column == wanted or not wanted else f"{column} ({wanted})"
        for column, wanted in sorted(missing.items())
    )
    return _fault(
        "register.E002",
        Text(
            "快照缺少这些列：{lacking}。",
            "The snapshot lacks these columns: {lacking}.",
            lacking=listed,
        ),
        Text(
            "快照里有：{given}。别的列名用 --input 输入=列名 指明，或写进 population.yaml。",
            "It has: {given}. Name others by --input INPUT=COLUMN, or in population.yaml.",
            given=", ".join(sorted(columns)) or "—",
        ),
    )


def other_kind(name: str, type_: str, wanted: str, for_: str) -> Finding:
    """A column whose values are not of the kind that an input needs."""
    words = KIND_WORDS[wanted]
    return _fault(
        "register.E003",
        Text(
            "快照的“{name}”列应是{words}（用作 {input}），实际是 {type}。",
            "The column “{name}” of the snapshot is {type} where {words} is needed, for {input}.",
            name=name,
            words=words,
            type=type_,
            input=for_,
        ),
        Text(
            "请在导出快照时转换这一列；金额不要用二进制小数。",
            "Convert it when the snapshot is made; amounts are never binary fractions.",
        ),
    )


def no_decision(name: str, decisions: Iterable[str]) -> Finding:
    """A decision that the rules do not have."""
    return _fault(
        "population.E001",
        Text("规则里没有决策“{name}”。", "The rules have no decision “{name}”.", name=name),
        did_you_mean(name, decisions),
    )


def no_name(name: str, decision: str, known: Iterable[str], place: Place | None) -> Finding:
    """An output or a column that neither the decision nor the table has."""
    return _fault(
        "population.E002",
        Text(
            "决策“{decision}”没有输出“{name}”，快照也没有这一列。",
            "The decision “{decision}” has no output “{name}”, nor has the snapshot such a column.",
            decision=decision,
            name=name,
        ),
        did_you_mean(name, known),
        place,
    )


def no_key(columns: Collection[str]) -> Finding:
    """Nobody says which column names a row."""
    return _fault(
        "population.E003",
        Text(
            "没有说明快照的哪一列是每行的编号。",
            "It is not said which column of the snapshot names a row.",
        ),
        Text(
            "用 --key 指明，或写进 population.yaml；快照里有：{given}。",
            "Name it by --key or in population.yaml; the snapshot has: {given}.",
            given=", ".join(sorted(columns)) or "—",
        ),
    )


def no_input(name: str, inputs: Iterable[str]) -> Finding:
    """A mapping for an input that the rules do not have."""
    return _fault(
        "population.E004",
        Text("规则里没有输入“{name}”。", "The rules have no input “{name}”.", name=name),
        did_you_mean(name, inputs),
    )


def one_column(one: str, other: str, column: str) -> Finding:
    """Two inputs that only their names would read from one column."""
    return _fault(
        "population.E005",
        Text(
            "输入“{one}”和“{other}”按名称会读同一列“{column}”。",
            "By their names the inputs “{one}” and “{other}” would read one column, “{column}”.",
            one=one,
            other=other,
            column=column,
        ),
        Text(
            "用 --input 或 population.yaml 分别指明。",
            "Say for each which column it is, by --input or in population.yaml.",
        ),
    )


def other_result(name: str, decision: str, kind: str, wanted: str, place: Place | None) -> Finding:
    """A formula whose value is not of the kind that its use needs."""
    return _fault(
        "population.E006",
        Text(
            "“{name}”在决策“{decision}”里应是{wanted}，算出来是{kind}。",
            "“{name}” of the decision “{decision}” should be {wanted} and is {kind}.",
            name=name,
            decision=decision,
            wanted=KIND_WORDS[wanted],
            kind=KIND_WORDS[kind],
        ),
        Text("请改写这个公式，或者换一个名称。", "Rewrite the formula, or give it another name."),
        place,
    )


def name_taken(name: str) -> Finding:
    """A column of the result that would be there twice."""
    return _fault(
        "population.E007",
        Text("结果里会有两列“{name}”。", "The result would have two columns “{name}”.", name=name),
        Text("请给其中一个改名。", "Give one of them another name."),
    )
