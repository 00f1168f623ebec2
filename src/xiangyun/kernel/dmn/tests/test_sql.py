"""The same decision by interpreter and by SQL, row for row."""

from datetime import date
from decimal import Decimal
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xiangyun.kernel.dmn import decide, read_model
from xiangyun.kernel.dmn.sql import DIALECTS, decision_sql
from xiangyun.kernel.findings import Refused

duckdb = pytest.importorskip("duckdb")
DATABASE = duckdb.connect()

INPUTS = {"age": "number", "income": "number", "kind": "tKind", "local": "boolean", "born": "date"}
COLUMNS = {"number": "DECIMAL(12,3)", "tKind": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE"}
HEAD = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">
<itemDefinition name="tKind"><typeRef>string</typeRef>
<allowedValues><text>"urban", "rural", "island"</text></allowedValues></itemDefinition>"""


def model_of(body, type_="Any"):
    data = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/>'
        "</inputData>"
        for name, kind in INPUTS.items()
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>'
        for name in INPUTS
    )
    return read_model(
        f'{HEAD}{data}<decision id="d" name="d"><variable name="d" typeRef="{type_}"/>{needs}'
        f"{body}</decision></definitions>"
    )


def literal(expression):
    return model_of(f"<literalExpression><text>{escape(expression)}</text></literalExpression>")


def table(rows, policy="UNIQUE", columns=("age", "kind"), output="<output/>", aggregation=""):
    inputs = "".join(
        f"<input><inputExpression><text>{escape(c)}</text></inputExpression></input>"
        for c in columns
    )
    rules = "".join(
        f"<rule>{''.join(f'<inputEntry><text>{escape(c)}</text></inputEntry>' for c in row[:-1])}"
        f"<outputEntry><text>{escape(row[-1])}</text></outputEntry></rule>"
        for row in rows
    )
    return model_of(
        f'<decisionTable hitPolicy="{policy}" {aggregation}>{inputs}{output}{rules}</decisionTable>'
    )


def both_ways(model, people, storage=("DECIMAL(12,3)", "DECIMAL(12,3)"), scales=None):
    """The decision for each person, by the interpreter and by DuckDB.

    `storage` are the types of the columns age and income, `scales` their decimal places.
    """
    types = COLUMNS | dict(zip(("age", "income"), storage, strict=True))
    columns = ", ".join(
        f'"{name}" {types[name] if kind == "number" else types[kind]}'
        for name, kind in INPUTS.items()
    )
    DATABASE.execute(f"CREATE OR REPLACE TABLE people (number INTEGER, {columns})")
    row = f"({', '.join('?' * (len(INPUTS) + 1))})"
    values = [
        value
        for number, person in enumerate(people)
        for value in (number, *(person.get(name) for name in INPUTS))
    ]
    DATABASE.execute(f"INSERT INTO people VALUES {', '.join([row] * len(people))}", values)
    sql = decision_sql(model, "d", "duckdb", scales=scales)
    rows = DATABASE.execute(f"SELECT {sql} FROM people ORDER BY number").fetchall()
    interpreted = [decide(model, "d", person, trace=False).value for person in people]
    return interpreted, [_feel(row[0]) for row in rows]


def _feel(value):
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


PEOPLE = [
    {"age": Decimal(64), "income": Decimal("2999.5"), "kind": "rural", "local": True,
     "born": date(1960, 2, 29)},
    {"age": Decimal("17.999"), "income": Decimal(0), "kind": "urban", "local": False,
     "born": date(2006, 12, 31)},
    {"age": None, "income": None, "kind": None, "local": None, "born": None},
    {"age": Decimal(80), "income": Decimal("-1"), "kind": "moon", "local": None,
     "born": date(2000, 1, 31)},
]  # fmt: skip


@pytest.mark.parametrize(
    "expression",
    [
        "if age >= 60 and local then income * 0.5 + 100 else income / 4",
        'kind = null or kind in ("urban", "island")',
        'born + duration("P1M") > date("2000-02-29")',
        'years and months duration(born, date("2024-02-28")).years',
        'years and months duration(date("2024-02-28"), born).months',
        "born.year * 100 + born.month",
        "age between 18 and income",
        "age in [18..income]",
        "not(age in ([18..60), > 70))",
        "max(age, income, 10) - min(age, income)",
        '"户籍:" + kind',
        'kind < "s"',
        'starts with(kind, "u") or contains(kind, "land")',
        "string length(kind) + floor(age) + ceiling(income)",
        "abs(-age) != 64",
        "age = kind",
        "null = age",
        "local and age > 60 or not(local)",
        "born.weekday",
        'day of week(born) + " " + month of year(born)',
        "week of year(born) * 1000 + day of year(born)",
        '(if kind < "s" then kind else "t" + kind) < "tz"',
    ],
)
def test_an_expression_means_the_same_in_sql(expression):
    interpreted, queried = both_ways(literal(expression), PEOPLE)
    assert queried == interpreted


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("income / age", "income / age"),
        ("2 ** age", "2 ** age"),
        ("for x in [1] return x", "for x in [1] return x"),
        ("string(age)", "string(age)"),
    ],
)
def test_what_sql_cannot_say_exactly_is_refused_by_name_and_place(expression, shown):
    with pytest.raises(Refused) as caught:
        decision_sql(literal(expression), "d")
    (finding,) = caught.value.findings
    assert finding.id == "dmn.E030"
    assert f"“{shown}”" in finding.message.en
    assert finding.place.column == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_gets_its_own_words(dialect):
    sql = decision_sql(table([("[18..60)", '> "k"', "1"), ("-", "-", "2")], "FIRST"), "d", dialect)
    quote = "`" if dialect == "spark" else '"'
    assert f"{quote}age{quote} >= 18" in sql
    assert ("COLLATE" in sql) is (dialect == "postgres")


def test_rows_proved_apart_are_not_counted_again():
    apart = table([("< 60", "-", "1"), (">= 60", '"urban"', "2"), (">= 60", '"rural"', "3")])
    assert " + " not in decision_sql(apart, "d")
    # With a null kind both rows match, though no allowed kind does.
    together = table([("-", 'not("urban", "island")', "1"), ("-", 'not("rural")', "2")])
    assert " + " in decision_sql(together, "d")
    interpreted, queried = both_ways(together, PEOPLE)
    assert queried == interpreted


def test_columns_may_have_names_of_their_own():
    sql = decision_sql(literal("age + 1"), "d", columns={"age": "person_age"})
    assert sql == '(("person_age" + CAST(0 AS DECIMAL(19, 0))) + 1)'


@pytest.mark.parametrize(
    ("dialect", "names", "apart"),
    [
        ("duckdb", {"age": "years", "income": "years"}, False),
        ("duckdb", {"age": "Years", "income": "years"}, False),
        ("postgres", {"age": "Years", "income": "years"}, True),
        ("postgres", {"age": "企" * 21 + "一", "income": "企" * 21 + "二"}, False),
        ("duckdb", {"age": "company.years", "income": "product.years"}, True),
    ],
)
def test_two_inputs_of_one_column_are_refused(dialect, names, apart):
    if apart:
        sql = decision_sql(literal("age - income"), "d", dialect, columns=names)
        assert all(f'"{name}"' in sql for name in names.values())
        return
    with pytest.raises(Refused) as caught:
        decision_sql(literal("age - income"), "d", dialect, columns=names)
    assert caught.value.findings[0].id == "dmn.E030"
    assert "“age” and “income”" in caught.value.findings[0].message.en


def test_components_of_the_same_name_stay_apart():
    items = "".join(
        f'<itemDefinition name="t{name}"><itemComponent name="years"><typeRef>number</typeRef>'
        f"</itemComponent></itemDefinition>"
        for name in ("company", "product")
    )
    data = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="t{name}"/>'
        "</inputData>"
        for name in ("company", "product")
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>'
        for name in ("company", "product")
    )
    model = read_model(
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m">{items}{data}'
        f'<decision id="d" name="d">{needs}<literalExpression><text>company.years - product.years'
        "</text></literalExpression></decision></definitions>"
    )
    sql = decision_sql(model, "d")
    source = 'SELECT 9::TINYINT AS "company.years", 4::TINYINT AS "product.years"'
    assert DATABASE.execute(f"SELECT {sql} FROM ({source})").fetchone()[0] == 5
    with pytest.raises(Refused):
        decision_sql(model, "d", columns={"company.years": "years", "product.years": "years"})


# As narrow as a database has them, with the least and the most each of them holds.
STORED = {
    "TINYINT": (-128, 127),
    "UTINYINT": (0, 255),
    "SMALLINT": (-(2**15), 2**15 - 1),
    "INTEGER": (-(2**31), 2**31 - 1),
    "UINTEGER": (0, 2**32 - 1),
    "BIGINT": (-(10**15), 10**15),
}


@pytest.mark.parametrize("storage", STORED)
@pytest.mark.parametrize(
    "expression",
    ["age - 60", "age * income", "-age", "abs(age)", "age + income + 1", "age * income - age",
     "60 - age", "floor(age) + ceiling(income)", "age / 4", "max(age, income) + 1",
     "(if local then age else income) * 2", "3000000000 + 3000000000 * age"],
)  # fmt: skip
def test_numbers_are_widened_before_they_are_computed_with(expression, storage):
    low, high = map(Decimal, STORED[storage])
    persons = [{"age": a, "income": i, "local": True} for a in (low, high) for i in (low, high)]
    interpreted, queried = both_ways(literal(expression), persons, (storage, storage))
    assert queried == interpreted


FINE = {"age": Decimal("12345678901234567890"), "income": Decimal("0.123456"), "local": True}


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize(
    "expression",
    ["if local then income else age", "if local then age else income * 0.001",
     "min(age, income)", "max(income, 0.0000001, age) - age",
     "(if local then 1 else 0.123456789) * age", "if local then -income else age + 1"],
)  # fmt: skip
def test_numbers_put_together_keep_all_their_places(expression, local):
    """DuckDB gives a CASE of DECIMAL(38, 0) and 0.5 no places at all, and rounds."""
    person = {**FINE, "local": local}
    stored = ("DECIMAL(38,0)", "DECIMAL(20,6)")
    scales = {"age": 0, "income": 6}
    interpreted, queried = both_ways(literal(expression), [person], stored, scales)
    assert queried == interpreted


def test_rows_of_a_table_keep_all_their_places():
    model = table([("-", '"urban"', "age"), ("-", "-", "income")], "FIRST")
    people = [{**FINE, "kind": "rural"}, {**FINE, "kind": "urban"}]
    stored = ("DECIMAL(38,0)", "DECIMAL(20,6)")
    interpreted, queried = both_ways(model, people, stored, {"age": 0, "income": 6})
    assert queried == interpreted


def test_an_input_may_be_the_same_for_every_row():
    sql = decision_sql(literal("age > income"), "d", values={"income": Decimal(60)})
    assert "income" not in sql
    assert decision_sql(literal("income = null"), "d", values={"income": None}) == "(NULL IS NULL)"


def test_amounts_that_are_collected_are_added_without_overflow():
    model = table(
        [("-", "-", "2000000000"), ("-", "-", "2000000000"), ("-", "-", "age")],
        "COLLECT",
        aggregation='aggregation="SUM"',
    )
    person = [{"age": Decimal(127)}]
    interpreted, queried = both_ways(model, person, ("TINYINT", "TINYINT"))
    assert queried == interpreted == [Decimal(4000000127)]


def test_an_output_of_several_is_asked_for_by_name():
    outputs = '<output name="amount"/><output name="why"/>'
    rules = [(">= 60", "-", '200, "senior"'), ("< 60", "-", '100, "other"')]
    body = "".join(
        f"<rule><inputEntry><text>{escape(age)}</text></inputEntry>"
        f"<inputEntry><text>{kind}</text></inputEntry>"
        + "".join(f"<outputEntry><text>{o}</text></outputEntry>" for o in result.split(", "))
        + "</rule>"
        for age, kind, result in rules
    )
    model = table([], output=outputs + body)
    with pytest.raises(Refused, match="several outputs"):
        decision_sql(model, "d")
    for name in ("amount", "why"):
        sql = decision_sql(model, "d", output=name)
        (row,) = DATABASE.execute(
            f"SELECT {sql} FROM (SELECT 64 AS age, 'rural' AS kind, 1 AS income)"
        ).fetchall()
        person = {"age": Decimal(64), "kind": "rural"}
        assert _feel(row[0]) == decide(model, "d", person).value[name]


numbers = st.sampled_from(["0", "17.5", "18", "60", "60.001", "100"])
tests = st.one_of(
    st.just("-"),
    numbers,
    st.builds(lambda sign, n: f"{sign} {n}", st.sampled_from(["<", "<=", ">", ">="]), numbers),
    st.builds(
        lambda o, a, b, c: f"{o}{a}..{b}{c}",
        *(st.sampled_from("[("), numbers, numbers, st.sampled_from("])")),
    ),
    st.builds(lambda a, b: f"{a}, > {b}", numbers, numbers),
    st.builds(lambda a, b: f"not({a}, [{b}..200])", numbers, numbers),
    st.sampled_from(["> income", "[income..100]", "income", "null", "? > 18 and ? < income"]),
)
kinds = st.sampled_from(
    ["-", '"urban"', '"rural", "island"', 'not("urban")', "null", "not(null)", '["urban", "rural"]']
)
truths = st.sampled_from(["-", "true", "false", "not(true)", "income > 100"])
days = st.sampled_from(
    ["-", '< date("2000-01-01")', '[@"1990-05-05"..@"2000-01-01"]', 'not(@"2000-01-01")']
)
outputs = st.sampled_from(["1", "2", "3", "income + 1", "null", "age * 0.25"])
rules = st.lists(
    st.tuples(tests, kinds, truths.filter(lambda t: "?" not in t and ">" not in t), days, outputs),
    min_size=1,
    max_size=5,
)
people = st.lists(
    st.fixed_dictionaries(
        {
            "age": st.none() | st.sampled_from([Decimal(n) for n in ("0", "17.5", "18", "60.001")])
            | st.decimals(-500, 500, places=3),
            "income": st.none() | st.decimals(-500, 500, places=3),
            "kind": st.sampled_from([None, "urban", "rural", "island", "moon"]),
            "local": st.sampled_from([None, True, False]),
            "born": st.none() | st.dates(date(1989, 1, 1), date(2001, 1, 1)),
        }
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip
RANKED = "<output><outputValues><text>3, 2, 1</text></outputValues></output>"
DEFAULT = (
    "<output><outputValues><text>3, 2, 1</text></outputValues>"
    "<defaultOutputEntry><text>-1</text></defaultOutputEntry></output>"
)


def _whole(storage):
    low, high = STORED[storage]
    edges = st.sampled_from([Decimal(low), Decimal(high), Decimal(low + 1), Decimal(high - 1)])
    return st.none() | edges | st.integers(low, high).map(Decimal)


def _stored(age, income):
    persons = st.fixed_dictionaries({"age": _whole(age), "income": _whole(income), **OTHERS})
    return st.tuples(st.just((age, income)), st.lists(persons, min_size=1, max_size=8))


OTHERS = {
    "kind": st.sampled_from([None, "urban", "rural", "island", "moon"]),
    "local": st.sampled_from([None, True, False]),
    "born": st.none() | st.dates(date(1989, 1, 1), date(2001, 1, 1)),
}
narrow = st.tuples(*[st.sampled_from(sorted(STORED))] * 2).flatmap(lambda both: _stored(*both))


# Expressions, each strategy giving text of one kind.
def _combined(text, *parts):
    return st.builds(lambda *inner: text.format(*inner), *parts)


def _numbers(inner):
    number, truth, text, day = inner
    return st.one_of(
        _combined("({} + {})", number, number),
        _combined("({} - {})", number, number),
        _combined("({} * 0.5)", number),
        _combined("({} * {})", st.sampled_from(["age", "income"]), number),
        _combined("({} / 4)", number),
        _combined("(-{})", number),
        _combined("abs({})", number),
        _combined("floor({})", number),
        _combined("max({}, {})", number, number),
        _combined("string length({})", text),
        _combined("(if {} then {} else {})", truth, number, number),
        _combined("{}.month", day),
        _combined("{}.weekday", day),
        _combined("week of year({})", day),
        _combined("years and months duration({}, {}).years", day, day),
    )


def _truths(inner):
    number, truth, text, day = inner
    order = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    same_kind = [_combined("({} {} {})", side, order, side) for side in (number, text, day)]
    return st.one_of(
        *same_kind,
        _combined("({} = {})", number, text),
        _combined("({} and {})", truth, truth),
        _combined("({} or {})", truth, truth),
        _combined("not({})", truth),
        _combined("({} between {} and {})", number, number, number),
        _combined("({} in [{}..{}))", number, number, number),
        _combined("({} in (< {}, {}))", number, number, number),
        _combined("(if {} then {} else {})", truth, truth, truth),
        _combined("contains({}, {})", text, text),
    )


def _deeper(inner):
    number, truth, text, day = inner
    texts = _combined("({} + {})", text, text)
    days_ = _combined('({} + duration("P1M"))', day) | _combined('({} - duration("P9D"))', day)
    return (
        number | _numbers(inner),
        truth | _truths(inner),
        text | texts,
        day | days_,
    )


FLAT = (
    st.sampled_from(["age", "income", "0", "17.5", "-60"]),
    st.sampled_from(["local", "true", "false"]),
    st.sampled_from(["kind", '"urban"', '""']),
    st.sampled_from(["born", 'date("2000-02-29")', '@"1990-12-31"']),
)
DEEP = _deeper(_deeper(FLAT))
SOMEBODY = {
    "age": Decimal("0.001"),
    "income": Decimal("1.5"),
    "kind": "urban",
    "local": True,
    "born": date(1990, 1, 1),
}


@settings(deadline=None, max_examples=80)
@given(st.one_of(*DEEP), people)
@example("(age + floor(0))", [SOMEBODY])
@example("(age + ceiling(string length(kind)))", [SOMEBODY])
def test_expressions_mean_the_same_in_duckdb(expression, persons):
    interpreted, queried = both_ways(literal(expression), persons)
    assert queried == interpreted


@settings(deadline=None, max_examples=60)
@given(st.one_of(*DEEP), narrow)
def test_expressions_mean_the_same_over_columns_of_any_width(expression, stored):
    storage, persons = stored
    interpreted, queried = both_ways(literal(expression), persons, storage)
    assert queried == interpreted


@settings(deadline=None, max_examples=50)
@given(
    rules,
    people,
    st.sampled_from(["UNIQUE", "ANY", "FIRST", "SUM", "COUNT", "MIN", "MAX"]),
    st.sampled_from(["<output/>", DEFAULT]),
)
def test_tables_decide_the_same_in_duckdb(rows, persons, policy, output):
    aggregated = policy in ("SUM", "COUNT", "MIN", "MAX")
    model = table(
        rows,
        "COLLECT" if aggregated else policy,
        ("age", "kind", "local", "born"),
        output,
        f'aggregation="{policy}"' if aggregated else "",
    )
    interpreted, queried = both_ways(model, persons)
    assert queried == interpreted


@settings(deadline=None, max_examples=20)
@given(
    rules.map(lambda rows: [(*row[:-1], row[-1] if row[-1] in "123" else "1") for row in rows]),
    people,
)
def test_priority_decides_the_same_in_duckdb(rows, persons):
    model = table(rows, "PRIORITY", ("age", "kind", "local", "born"), RANKED)
    interpreted, queried = both_ways(model, persons)
    assert queried == interpreted
