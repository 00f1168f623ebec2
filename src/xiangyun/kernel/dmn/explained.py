"""What is wrong and what is right in rules: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_DRD = "DMN 1.5, clause 6 (Requirements)"
_TABLE = "DMN 1.5, clause 8 (Decision Table)"
_LOGIC = "DMN 1.5, clause 7 (Relating Decision Logic to Decision Requirements)"
_SQL = "docs/how-to/decide-for-everybody.md"
_XML = "XML 1.0, 2.8"
_PACKS = "docs/reference/packs.md"
EXPLAINED: Mapping[str, Explained] = {
    "dmn.E001": Explained('<decision id="age">', '<decision id="age"></decision>', _XML),
    "dmn.E002": Explained(
        '<!DOCTYPE definitions SYSTEM "x.dtd">', '<?xml version="1.0"?> <definitions …>', _XML
    ),
    "dmn.E003": Explained(
        '<decision id="age">…</decision> as the whole file',
        '<definitions …><decision id="age">…</decision></definitions>',
        _DRD,
    ),
    "dmn.E004": Explained(
        '<decision id="age"> twice', '<decision id="age"> and <decision id="age_group">', _DRD
    ),
    "dmn.E005": Explained(
        '<requiredInput href="#aplication" />', '<requiredInput href="#application" />', _DRD
    ),
    "dmn.E006": Explained('typeRef="integer"', 'typeRef="number"', _LOGIC),
    "dmn.E007": Explained(
        "<literalExpression></literalExpression>",
        "<literalExpression><text>age &gt; 14</text></literalExpression>",
        _LOGIC,
    ),
    "dmn.E008": Explained(
        "two inputs, and a row with one <inputEntry>",
        "two inputs, and a row with two <inputEntry>",
        _TABLE,
    ),
    "dmn.E009": Explained(
        "xiangyun decide rules.dmn --decision agee",
        "xiangyun decide rules.dmn --decision age",
        _DRD,
    ),
    "dmn.E010": Explained(
        ('<import namespace="urn:figures" locationURI="figures.dmn" …/> without that file'),
        "figures.dmn beside it, or no import",
        _LOGIC,
    ),
    "dmn.E011": Explained(
        "a requires b, and b requires a", "a requires b, and b requires inputs only", _DRD
    ),
    "dmn.E012": Explained(
        '<itemDefinition name="tAge"><typeRef>tAge</typeRef></itemDefinition>',
        '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>',
        _LOGIC,
    ),
    "dmn.E013": Explained(
        'expressionLanguage="juel"',
        'expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/"',
        _LOGIC,
    ),
    "dmn.E014": Explained(
        "one file with 100,000 rows",
        "the rows in a register, or several decisions",
        "docs/reference/packs.md#rulesdmn",
    ),
    "dmn.E020": Explained("rows for < 14 and > 14", "rows for < 14 and >= 14", _TABLE),
    "dmn.E021": Explained(
        "UNIQUE, with rows [0..14] and [14..18]", "UNIQUE, with rows [0..14) and [14..18]", _TABLE
    ),
    "dmn.E022": Explained(
        "ANY, with two rows for 14 that say “yes” and “no”",
        "ANY, with two rows for 14 that both say “yes”",
        _TABLE,
    ),
    "dmn.E023": Explained(
        "FIRST, with the rows “-” and then < 14", "FIRST, with the rows < 14 and then “-”", _TABLE
    ),
    "dmn.E024": Explained(
        "allowed values [0..90], and the condition > 100", "the condition > 80", _TABLE
    ),
    "dmn.E025": Explained(
        'allowed results "yes", "no", and the result "maybe"',
        'the result "no", or "maybe" among the allowed ones',
        _TABLE,
    ),
    "dmn.E030": Explained(
        "sort(list, function(a, b) a < b) in a rule that is decided for everybody",
        "a decision table over the columns of the snapshot",
        _SQL,
    ),
    "dmn.N020": Explained(
        'some word in ["甲", "乙"] satisfies contains(?, word)', '"甲", "乙"', _TABLE
    ),
    "dmn.N021": Explained(
        "one table of hundreds of rows with ranges in many columns",
        "two tables, the second over the result of the first",
        _TABLE,
    ),
    "dmn.N022": Explained(
        "COLLECT or ANY, with two rows for 14 whose results are formulas",
        "rows that do not meet, or one formula",
        _TABLE,
    ),
    "dmn.N023": Explained(
        "a table with very many overlapping rows", "mend those listed, then check again", _TABLE
    ),
    "dmn.W001": Explained(
        '<decision id="age"><variable name="age" /></decision>',
        '<decision id="age"> … <literalExpression>…</literalExpression></decision>',
        _LOGIC,
    ),
    "dmn.W002": Explained(
        "tPerson with a component children of the type tPerson",
        "a list of names, or a type of its own for children",
        _LOGIC,
    ),
    "dmn.W003": Explained(
        'a table over age, without <inputData name="age" />',
        '<inputData id="age" name="age"><variable name="age" /></inputData>',
        _DRD,
    ),
    "pack.E584": Explained(
        "a row added to the table “precheks”", "a row added to the table “precheck”", _PACKS
    ),
    "pack.E585": Explained(
        "two rows with one id, or a row with a cell too few",
        "a row with an id of its own and a cell for each column",
        _PACKS,
    ),
}
