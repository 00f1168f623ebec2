"""The same decision by interpreter and by Spark SQL, row for row: `make test-spark`."""

import random  # noqa: TID251 - seeded, to draw the tables and persons
import shutil
from datetime import date, timedelta
from decimal import Decimal
from html import escape

import pytest

from xiangyun.adapters.engines.spark import MEANT
from xiangyun.kernel.dmn import decide, read_model
from xiangyun.kernel.dmn.sql import decision_sql

pytestmark = pytest.mark.slow(minutes=2)
INPUTS = {"age": "number", "income": "number", "kind": "tKind", "local": "boolean", "born": "date"}
COLUMNS = (
    "number INT, age DECIMAL(12,3), income DECIMAL(12,3), kind STRING, local BOOLEAN, born DATE"
)
HEAD = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">
<itemDefinition name="tKind"><typeRef>string</typeRef>
<allowedValues><text>"urban", "rural", "island"</text></allowedValues></itemDefinition>"""
PEOPLE = 400


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: make test-spark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java: apt install default-jre-headless")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "1g")
        .getOrCreate()
    )
    for name, value in MEANT.items():
        session.conf.set(name, value)
    yield session
    session.stop()


def model_of(body):
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
        f'{HEAD}{data}<decision id="d" name="d"><variable name="d"/>{needs}{body}</decision>'
        "</definitions>"
    )


def table(rows, policy="UNIQUE", output="<output/>", aggregation=""):
    inputs = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in INPUTS
    )
    rules = "".join(
        f"<rule>{''.join(f'<inputEntry><text>{escape(c)}</text></inputEntry>' for c in row[:-1])}"
        f"<outputEntry><text>{escape(row[-1])}</text></outputEntry></rule>"
        for row in rows
    )
    return model_of(
        f'<decisionTable hitPolicy="{policy}" {aggregation}>{inputs}{output}{rules}</decisionTable>'
    )


def literal(expression):
    return model_of(f"<literalExpression><text>{escape(expression)}</text></literalExpression>")


def people(seed):
    """Fictitious persons around every boundary of the tables below; each fifth value is null."""
    chance = random.Random(seed)

    def value(make):
        return None if chance.random() < 0.2 else make()

    def number():
        return chance.choice(
            [
                Decimal(chance.choice(["0", "17.999", "18", "59.999", "60", "60.001", "80", "-1"])),
                Decimal(chance.randint(-10_000, 120_000)).scaleb(-3),
            ]
        )

    return [
        {
            "age": value(number),
            "income": value(number),
            "kind": value(lambda: chance.choice(["urban", "rural", "island", "moon"])),
            "local": value(lambda: chance.random() < 0.5),
            "born": value(lambda: date(1989, 1, 1) + timedelta(chance.randint(0, 4400))),
        }
        for _ in range(PEOPLE)
    ]


def both_ways(spark, models, persons, stored="DECIMAL(12,3)", scales=None):
    """Each model's answers for each person, by the interpreter and by Spark, in one query."""
    frame = spark.createDataFrame(
        [(number, *(person[name] for name in INPUTS)) for number, person in enumerate(persons)],
        COLUMNS.replace("DECIMAL(12,3)", "DECIMAL(24,6)"),
    )
    for name in ("age", "income"):
        frame = frame.withColumn(name, frame[name].cast(stored))
    frame.createOrReplaceTempView("people")
    written = [decision_sql(model, "d", "spark", scales=scales) for model in models]
    columns = ", ".join(f"{sql} AS d{at}" for at, sql in enumerate(written))
    queried = spark.sql(f"SELECT {columns} FROM people ORDER BY number").collect()
    interpreted = [
        [decide(model, "d", person, trace=False).value for model in models] for person in persons
    ]
    return interpreted, [[_feel(value) for value in row] for row in queried]


def _feel(value):
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


NUMBERS = ["-", "< 18", "[18..60)", ">= 60", "60, > 80", "not([17.999..60.001])", "> income",
           "[income..100]", "null", "? > 18 and ? < income"]  # fmt: skip
CELLS = {
    "age": NUMBERS,
    "income": ["-", "< 0", "(0..60]", ">= 60.001", "not(18, 80)", "null"],
    "kind": ["-", '"urban"', '"rural", "island"', 'not("urban")', "null", "not(null)"],
    "local": ["-", "-", "true", "false", "not(true)"],
    "born": ["-", "-", '< date("1995-06-30")', '[@"1990-05-05"..@"2000-01-01"]'],
}
OUTPUTS = ["1", "2", "3", "income + 1", "age * 0.25", "null"]
DEFAULT = "<output><defaultOutputEntry><text>-1</text></defaultOutputEntry></output>"


def tables(seed):
    """A table for each hit policy, its cells drawn at random."""
    chance = random.Random(seed)

    def rows(outputs):
        return [
            (*(chance.choice(cells) for cells in CELLS.values()), chance.choice(outputs))
            for _ in range(chance.randint(2, 5))
        ]

    ranked = "<output><outputValues><text>3, 2, 1</text></outputValues></output>"
    made = [
        table(rows(OUTPUTS), policy, output)
        for policy in ("UNIQUE", "ANY", "FIRST")
        for output in ("<output/>", DEFAULT)
    ]
    collected = [
        table(rows(OUTPUTS), "COLLECT", aggregation=f'aggregation="{name}"')
        for name in ("SUM", "COUNT", "MIN", "MAX")
    ]
    return [*made, *collected, table(rows(["1", "2", "3"]), "PRIORITY", ranked)]


@pytest.mark.parametrize("seed", range(4))
def test_tables_decide_the_same_in_spark(spark, seed):
    interpreted, queried = both_ways(spark, tables(seed), people(seed))
    assert any(value is not None for row in interpreted for value in row)
    assert queried == interpreted


EXPRESSIONS = [
    "if age >= 60 and local then income * 0.5 + 100 else income / 4",
    'kind = null or kind in ("urban", "island")',
    'born + duration("P1M") > date("1995-02-28")',
    'born - duration("P9D")',
    'years and months duration(born, date("2024-02-28")).years',
    'years and months duration(date("1994-02-28"), born).months',
    "born.year * 100 + born.month",
    "age between 18 and income",
    "not(age in ([18..60), > 70))",
    "max(age, income, 10) - min(age, income)",
    '"户籍:" + kind',
    'kind < "s"',
    'starts with(kind, "u") or contains(kind, "land")',
    "string length(kind) + floor(age) + ceiling(income)",
    "abs(-age) != 60.001",
    "local and age > 60 or not(local)",
    "born.weekday",
    'day of week(born) + " " + month of year(born)',
    "week of year(born) * 1000 + day of year(born)",
    'years and months duration(date("2024-02-29"), born).years',
    '(if kind < "s" then kind else "t" + kind) < "tz"',
]


def test_expressions_mean_the_same_in_spark(spark):
    interpreted, queried = both_ways(spark, list(map(literal, EXPRESSIONS)), people(7))
    for at, expression in enumerate(EXPRESSIONS):
        pairs = [(mine[at], theirs[at]) for mine, theirs in zip(interpreted, queried, strict=True)]
        assert [mine for mine, _ in pairs] == [theirs for _, theirs in pairs], expression


@pytest.mark.parametrize(
    ("stored", "low", "high"),
    [("TINYINT", -128, 127), ("SMALLINT", -(2**15), 2**15 - 1), ("INT", -(2**31), 2**31 - 1),
     ("BIGINT", -(10**14), 10**14)],
)  # fmt: skip
def test_numbers_are_widened_before_spark_computes_with_them(spark, stored, low, high):
    rest = {"kind": None, "local": True, "born": None}
    ends = (Decimal(low), Decimal(high))
    persons = [{"age": a, "income": i, **rest} for a in ends for i in ends]
    written = ["age - 60", "age * income", "-age", "abs(age)", "age / 4", "age * income - age"]
    interpreted, queried = both_ways(spark, [literal(text) for text in written], persons, stored)
    assert queried == interpreted


def test_numbers_put_together_keep_all_their_places_in_spark(spark):
    rest = {"kind": None, "born": None}
    fine = {"age": Decimal("98765432109.123456"), "income": Decimal("0.000001")}
    persons = [{**fine, "local": local, **rest} for local in (True, False)]
    written = [
        "if local then age * age else income",
        "min(age, income * 0.001)",
        "(if local then 1 else 0.123456789) * income",
        "if local then -income else age + 1",
    ]
    models = [literal(text) for text in written]
    interpreted, queried = both_ways(
        spark, models, persons, "DECIMAL(18,6)", {"age": 6, "income": 6}
    )
    assert queried == interpreted
