"""Search over the typed index rows: one statement whatever is asked, a keyset page at a time."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from xiangyun.kernel.codes.division import subtree
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.record.data import RecordReader
from xiangyun.kernel.record.model import Field

from . import names, sealing, terms
from .declarations import SPAN, Used

MOST = 200
"""Records of a page at most."""
Filter = Any
"""What a field has to be: a value, or (from, to) of a number or day, either of them None."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, and where its page goes on: the lane's rank and value."""

    record: int
    rank: int
    value: str | int


class Way(NamedTuple):
    """One way to find: a field's number, the column, and the range of values, both included."""

    field: int
    column: str
    low: str | int | None
    high: str | int | None

    def holds(self, value: Any) -> bool:
        """Whether a value of the column lies in the range."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


def hits(
    used: Used,
    *,
    text: str = "",
    filters: Mapping[str, Filter] | None = None,
    within: int | None = None,
    after: str | None = None,
    limit: int = 50,
    past: bool = False,
    recorded: tuple[int, int] | None = None,
    keys: Sequence[str] | None = None,
) -> list[Hit]:
    """Index rows that answer, in order, `limit` of them at most; a record may come twice.

    `text` is a code, a part of a name, or its pinyin; `filters` say what fields have to be;
    `within` is a division. `past`: also what was true once; `recorded`: records with a
    fact numbered above the first and up to the second; `keys`: with these. Raises Refused for a
    field that is not searched (`register.E011`) and for a value or `after` that cannot be
    (`register.E013`).
    """
    text = text.replace("\0", "")  # which no text of the database holds
    asked, conditions = leading(used, text, filters or {})
    low, high = (0, SPAN - 1) if within is None else _range(within)
    passed = _passed(after, asked) if after else None
    values: dict[str, Any] = {"register": used.number, "limit": min(limit, MOST), "need": used.need}
    values |= {"low": used.number * SPAN + low, "high": used.number * SPAN + high}
    also = "".join(
        _exists(number, way, used, values, past) for number, way in enumerate(conditions)
    )
    if within is not None:
        also += " AND abs(t.reach) BETWEEN %(low)s AND %(high)s"
    if recorded is not None:
        values["above"], values["up_to"] = recorded
        also += f" AND t.record_id IN ({_RECORDED})"
    if keys is not None:
        values |= {"keys": list(keys), "code": used.code}
        also += f" AND t.record_id IN ({_WITH_KEYS})"
    branches = [
        _branch(rank, way, used, values, also, passed, old)
        for rank, way in enumerate(asked)
        for old in ((False, True) if past else (False,))
        if passed is None or rank >= passed.rank
    ]
    union = " UNION ALL ".join(branches)
    sql = (
        f"WITH counties AS MATERIALIZED ({_COUNTIES}) "
        f"SELECT rank, words, number, record_id FROM ({union}) found "
        'ORDER BY rank, words COLLATE "C", number, record_id LIMIT %(limit)s'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            Hit(record, rank, number if words is None else words)
            for rank, words, number, record in cursor.fetchall()
        ]


_RECORDED = "SELECT record_id FROM registers_fact WHERE id > %(above)s AND id <= %(up_to)s"

_WITH_KEYS = "SELECT id FROM registers_record WHERE register = %(code)s AND key = ANY(%(keys)s)"


def _range(within: int) -> tuple[int, int]:
    """The codes of a division; one that is none holds nothing."""
    return subtree(within) if 0 <= within < SPAN else (SPAN, SPAN)


def leading(used: Used, text: str, filters: Mapping[str, Filter]) -> tuple[list[Way], list[Way]]:
    """The ways whose index rows are read, in their order, and the conditions on them.

    Without a text the first filter leads, without any the records are in the order of keys.
    """
    conditions = [way_of(used, name, value) for name, value in filters.items()]
    if text.strip():
        return list(ways(used, text)), conditions
    if conditions:
        return conditions[:1], conditions[1:]
    return [Way(0, "text", None, None)], []


# The counties in which the asker may look: of a register above ordinary need every one, since
# whoever was named for a record may have no mandate there.
_COUNTIES = f"""
SELECT county FROM registers_county WHERE register = %(register)s AND (
    %(need)s > 0 OR int8range(
        register::bigint * {SPAN} + county::bigint * {terms.COUNTY},
        register::bigint * {SPAN} + county::bigint * {terms.COUNTY} + {terms.COUNTY}
    ) && (SELECT xiangyun_reach())
) AND int8range(
    register::bigint * {SPAN} + county::bigint * {terms.COUNTY},
    register::bigint * {SPAN} + county::bigint * {terms.COUNTY} + {terms.COUNTY}
) && int8range(%(low)s, %(high)s, '[]')
"""


def _branch(
    rank: int,
    way: Way,
    used: Used,
    values: dict[str, Any],
    also: str,
    passed: Hit | None,
    past: bool,
) -> str:
    """The rows of one way, from every county's lane at most a page."""
    name = f"{rank}{'p' if past else ''}"
    values |= {f"lane{name}": terms.lane(used.number, way.field, past=past)}
    condition = _between(way, name, values, "t")
    if passed is not None and passed.rank == rank:
        values |= {"at": passed.value, "record": passed.record}
        condition += f" AND (t.{way.column}, t.record_id) > (%(at)s, %(record)s)"
    shown = "t.number" if way.column == "number" else "NULL::bigint"
    words = "NULL::text" if way.column == "number" else f"t.{way.column}"
    return (
        f"SELECT {rank} AS rank, hit.words, hit.number, hit.record_id FROM counties "
        f"CROSS JOIN LATERAL (SELECT {words} AS words, {shown} AS number, t.record_id "
        f"FROM registers_term t WHERE t.lane = %(lane{name})s + counties.county{condition}{also} "
        f"ORDER BY t.{way.column}, t.record_id LIMIT %(limit)s) hit"
    )


def _between(way: Way, name: str, values: dict[str, Any], table: str) -> str:
    column = f"{table}.{way.column}"
    if way.low is not None and way.low == way.high:
        values[f"low{name}"] = way.low
        return f" AND {column} = %(low{name})s"
    found = f" AND {column} IS NOT NULL"
    for side, sign, value in (("low", ">=", way.low), ("high", "<=", way.high)):
        if value is not None:
            values[f"{side}{name}"] = value
            found += f" AND {column} {sign} %({side}{name})s"
    return found


def _exists(number: int, way: Way, used: Used, values: dict[str, Any], past: bool) -> str:
    """A further condition: the record has an index row of another field, too."""
    name = f"f{number}"
    first = terms.lane(used.number, way.field)
    # The lanes of what is past lie right behind those of what is true.
    values |= {f"first{name}": first, f"end{name}": first + terms.COUNTY * (2 if past else 1)}
    return (
        f" AND EXISTS (SELECT FROM registers_term {name} WHERE {name}.record_id = t.record_id "
        f"AND {name}.lane >= %(first{name})s AND {name}.lane < %(end{name})s"
        f"{_between(way, name, values, name)})"
    )


_LAST = "\U0010ffff"
"""The last text there is: what begins with a word lies before it, with this behind it."""


def ways(used: Used, text: str) -> Iterator[Way]:
    """Every way in which a text may answer: as a code, as part of a name, as pinyin."""
    exact = terms.code(text)
    yield Way(0, "text", exact, exact)
    if used.declaration is None:
        return
    fields = [
        (used.declaration.by_name[name], number)
        for name, number in used.numbers.items()
        if name in used.declaration.by_name
    ]
    for field, number in fields:
        # An option is no answer to a word: half of a register has the same.
        if field.searched == "code" and field.type != "choice":
            code = _code(used, field, text)
            yield Way(number, "text", code, code)
    written, latin = names.normal(text), names.typed_latin(text)
    for field, number in fields:
        if field.searched in ("name", "text-start") and written:
            part = written[: names.LONGEST]
            yield Way(number, "text", part, part + _LAST)
    if not latin or names.is_chinese(text):
        return
    for field, number in fields:
        if field.searched == "name":
            spelled = latin[: names.LONGEST_LATIN]
            yield Way(number, "latin", spelled, spelled + _LAST)
            spelled = latin[: names.LONGEST]
            yield Way(number, "initials", spelled, spelled + _LAST)


def _code(used: Used, field: Field, value: str) -> str:
    if field.sensitive:
        return sealing.fingerprint(used.code, field.name, value)
    return terms.code(value)


def way_of(used: Used, name: str, value: Filter) -> Way:
    """The index rows of a field that are this value, or lie in this range.

    Raises Refused `register.E011` for a field that is not searched.
    """
    declared = used.declaration
    if name in ("key", used.key_field) and not (used.hides_key and used.key_field in used.numbers):
        key = terms.code(used.keyed(str(value)))
        return Way(0, "text", key, key)
    if name == "key":
        name = used.key_field
    if declared is None or name not in used.numbers or name not in declared.by_name:
        raise Refused([not_searched(used, name)])
    field, number = declared.by_name[name], used.numbers[name]
    if field.searched in ("number", "date"):
        low, high = value if isinstance(value, tuple) else (value, value)
        measured = [None if one is None else _measured(used, field, one) for one in (low, high)]
        return Way(number, "number", *measured)
    if field.searched == "code":
        code = _code(used, field, str(value))
        return Way(number, "text", code, code)
    written = names.normal(str(value))[: names.LONGEST]
    return Way(number, "text", written, written + _LAST)


def _measured(used: Used, field: Field, value: object) -> int:
    if isinstance(value, date | int) and not isinstance(value, bool):
        return terms.measure(field, value)
    assert used.declaration is not None
    read = RecordReader(used.declaration, written=True).read({field.name: str(value)}, partial=True)
    if read.errors:
        raise Refused([_no_value(field, str(value))])
    return terms.measure(field, read.values[field.name])


def cursor_of(hit: Hit) -> str:
    """Where the next page begins, as a text for an address."""
    told = json.dumps([hit.rank, hit.value, hit.record], ensure_ascii=False)
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _passed(after: str, asked: Sequence[Way]) -> Hit:
    """Where a page begins, if this is a mark that a page of this search has given out."""
    try:
        told = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()
        rank, value, record = json.loads(told)
    except (ValueError, binascii.Error, TypeError):
        raise Refused([_NO_PAGE]) from None
    if (
        type(rank) is not int
        or not 0 <= rank < len(asked)
        or type(value) is not (int if asked[rank].column == "number" else str)
        or "\0" in str(value)
        or type(record) is not int
        or not -(2**63) <= record < 2**63
    ):
        raise Refused([_NO_PAGE])
    return Hit(record, rank, value)


def not_searched(used: Used, name: str) -> Finding:
    """The finding for a field that nobody can look up by."""
    return Finding(
        "register.E011",
        "error",
        Text(
            "{register}不能按“{name}”查找。",
            "{register} cannot be searched by “{name}”.",
            register=used.name,
            name=name,
        ),
        hint=Text(
            "可以按这些字段查找：{fields}；其他字段请在声明里写 searched。",
            "It can be by: {fields}; for another, write `searched` in its declaration.",
            fields=_listed(used),
        ),
    )


def _listed(used: Used) -> Sequence[str]:
    return [used.key_field, *used.numbers]


def _no_value(field: Field, value: str) -> Finding:
    return Finding(
        "register.E013",
        "error",
        Text(
            "“{value}”不是“{name}”可以有的值。",
            "“{value}” is no value that “{name}” may have.",
            value=value,
            name=field.words,
        ),
        hint=Text(
            "数字如 1200.50，日期如 2026-04-09。",
            "A number is such as 1200.50, a day such as 2026-04-09.",
        ),
    )


_NO_PAGE = Finding(
    "register.E013",
    "error",
    Text("页码标记不对。", "The mark of the next page is not right."),
    hint=Text("请从第一页重新查找。", "Search again from the first page."),
)
