"""The catalogue: every data set and register as an entry that is searched, with its quality.

Chinese is found by pairs of characters, everything else by words and by how they begin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import declarations as registers
from xiangyun.kernel.codes.department import DEPARTMENTS, department, number_of, spelled
from xiangyun.kernel.connector.model import Connector, Received, Sent
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import DataSet
from xiangyun.kernel.projection.entries import DEPARTMENT, Entry

from .models import Listing, Release

_HAN = re.compile("[㐀-鿿]+")
_WORD = re.compile(r"[a-z0-9]+")
_NO_DATE = datetime(2026, 1, 1, tzinfo=timezone.get_fixed_timezone(480))
_LAST = _NO_DATE - timedelta(days=1)
"""What is made up stands behind what is there."""
_MOST_TERMS = 2_000


def terms_of(texts: Iterable[str]) -> list[str]:
    """What a text is found by."""
    found = dict[str, None]()
    for text in texts:
        low = text.lower()
        for run in _HAN.findall(low):
            found |= dict.fromkeys(run)
            found |= dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1))
        for word in _WORD.findall(low):
            found |= dict.fromkeys(word[:size] for size in range(2, min(len(word), 12) + 1))
            found[word[:40]] = None
    return list(found)[:_MOST_TERMS]


def asked_terms(text: str) -> list[str]:
    """What must all be found of a question: pairs of characters, words as they begin."""
    found = dict[str, None]()
    low = text.lower()
    for run in _HAN.findall(low):
        found |= dict.fromkeys(
            [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
        )
    found |= dict.fromkeys(word[:12] for word in _WORD.findall(low))
    return list(found)


def relist_all() -> int:
    """Bring the catalogue up to what is in force; how many entries there are of our own."""
    with acting_as(SYSTEM):
        datasets = (_dataset(each.value) for each in catalogue.declared("dataset"))
        entries = dict[str, Listing]()
        for entry in (*datasets, *_registers(), *_interfaces(), *_entries()):
            entries.setdefault(entry.code, entry)  # what is kept here, before what is described
        gone = Listing.objects.filter(source="").exclude(code__in=entries)
        stones = Release.objects.filter(state=Release.State.WITHDRAWN).values("dataset")
        gone.exclude(code__in=stones).delete()
        put(list(entries.values()))
    return len(entries)


def relist(code: str) -> None:
    """Bring one data set's entry up to date."""
    with acting_as(SYSTEM):
        if (found := catalogue.declaration("dataset", code)) is not None:
            put([_dataset(found.value)])


def put(entries: list[Listing]) -> None:
    """Enter some, ours or those of a harvest; they replace those with their codes."""
    for start in range(0, len(entries), _BATCH):
        rows = [
            {name: getattr(entry, name) for name in _COLUMNS}
            for entry in entries[start : start + _BATCH]
        ]
        with connection.cursor() as cursor:
            cursor.execute(_PUT, [json.dumps(rows, default=datetime.isoformat, ensure_ascii=False)])


_BATCH = 1000
_COLUMNS = tuple(field.name for field in Listing._meta.concrete_fields if field.name != "number")
_TYPES = {"formats": "text[]", "tags": "text[]", "terms": "text[]", "told": "jsonb",
          "modified": "timestamptz", "score": "smallint"}  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
# One text for a thousand entries: the words of each as parameters would take longer than to index.
_PUT = f"""
INSERT INTO datasets_listing ({_NAMES})
SELECT {_NAMES} FROM jsonb_to_recordset(%s::jsonb) AS given (
    {", ".join(f'"{name}" {_TYPES.get(name, "text")}' for name in _COLUMNS)})
ON CONFLICT (code) DO UPDATE SET
    {", ".join(f'"{name}" = EXCLUDED."{name}"' for name in _COLUMNS if name != "code")}
"""


def _dataset(dataset: DataSet) -> Listing:
    latest = (
        Release.objects.filter(dataset=dataset.code, state="published").order_by("-number").first()
    )
    texts = [dataset.name.zh, dataset.name.en, dataset.summary.zh, dataset.summary.en]
    texts += [dataset.code, *dataset.keywords, dataset.group_name.zh, dataset.group_name.en]
    for column in dataset.columns:
        texts += [column.words.zh, column.words.en, column.name]
    office = department(dataset.department)
    missing = list(_missing(dataset, latest))
    return Listing(
        code=dataset.code,
        kind="dataset",
        organization=spelled(dataset.department),
        group=dataset.group,
        opening=dataset.opening,
        sharing=dataset.sharing,
        formats=["CSV", "XLSX", "JSONL", "Parquet"] if latest else [],
        tags=list(dataset.keywords),
        series=dataset.series,
        title=dataset.name.zh,
        modified=(latest.published_at if latest else None) or _NO_DATE,
        score=max(0, 100 - 10 * len(missing)),
        terms=terms_of(texts + ([office.name.zh, office.name.en] if office else [])),
        told={
            "title": dataset.name.to_json(),
            "summary": dataset.summary.to_json(),
            "group": dataset.group_name.to_json(),
            "update": dataset.update,
            "catalogue": dataset.catalogue,
            "catalogue_code": dataset.catalogue_code,
            "licence": dataset.licence,
            "way": "file",
            "condition": dataset.condition.to_json() if dataset.condition else None,
            "fields": [
                {"name": c.name, "words": c.words.to_json(), "type": c.type}
                for c in dataset.columns
            ],
            "missing": [each.to_json() for each in missing],
        },
    )


def _missing(dataset: DataSet, latest: Release | None) -> Iterator[Text]:
    """What its metadata lack."""
    if not dataset.catalogue_code:
        yield Text("没有信息资源代码", "no resource code")
    if not dataset.keywords:
        yield Text("没有关键词", "no keywords")
    if any(column.describe is None and column.unit is None for column in dataset.columns
           if column.measure is not None or column.type in ("number", "integer")):  # fmt: skip
        yield Text("有数字列没有单位或说明", "a column of numbers without unit or description")
    if dataset.update == "irregular":
        yield Text("没有更新周期", "no update cycle")
    if latest is None:
        yield Text("还没有发布", "not published yet")
    elif latest.due_on is not None and latest.published_at is not None and (
        timezone.localdate(latest.published_at) > latest.due_on
    ):  # fmt: skip
        yield Text("没有按时发布", "published late")


def _registers() -> Iterator[Listing]:
    for used in registers.all_used():
        one = used.declaration
        if one is None:
            continue
        shared = (
            "none" if used.need else ("unconditional" if "all" in one.readers else "conditional")
        )
        yield _described(
            f"register-{one.code}",
            "register",
            one.department,
            one.name,
            one.name,
            {
                # Whatever a register takes in is there at once, and is asked for by interface.
                "catalogue": "departmental",
                "catalogue_code": _code(one.department, used.number),
                "update": "continuous",
                "way": "interface",
                "form": "PostgreSQL",
                "fields": [
                    {"name": f.name, "words": f.words.to_json(), "type": f.type} for f in one.fields
                ],
                "laws": [law.words.to_json() for law in one.laws],
            },
            sharing=shared,
            opening="none",
        )


def _interfaces() -> Iterator[Listing]:
    """Connectors: what is exchanged with other systems, by which agreement."""
    for each in catalogue.declared("connector"):
        one: Connector = each.value
        messages: list[Sent | Received] = [*one.sends.values(), *one.receives.values()]
        bases = list(dict.fromkeys(right.basis for right in one.rights if right.basis))
        yield _described(
            f"interface-{one.code}",
            "interface",
            "",
            one.words,
            Text.given(
                "；".join(m.words.zh for m in messages), "; ".join(m.words.en for m in messages)
            ),
            {
                "catalogue": "departmental",
                "catalogue_code": "",
                "update": "continuous",
                "way": "interface",
                "form": "JSON",
                "fields": [
                    {"name": m.name, "words": m.words.to_json(), "type": "document"}
                    for m in messages
                ],
                "laws": [{"zh": basis, "en": basis} for basis in bases],
                "partner": one.organisation,
            },
            sharing="conditional",
            opening="none",
        )


def _entries() -> Iterator[Listing]:
    """What packs say that departments have besides: one for each of its departments."""
    for each in catalogue.declared("entry"):
        one: Entry = each.value
        for key in one.departments or DEPARTMENTS:
            office = department(key)
            if office is None:
                continue
            yield _described(
                one.code_of(office.key),
                one.kind,
                office.key,
                one.name.replaced(DEPARTMENT, office.name),
                one.summary.replaced(DEPARTMENT, office.name),
                {
                    "catalogue": one.catalogue,
                    "catalogue_code": one.catalogue_code(office.number),
                    "update": one.update,
                    "way": one.way,
                    "form": one.form,
                    "condition": one.condition.to_json() if one.condition else None,
                    "fields": [
                        {"name": f.name, "words": f.words.to_json(), "type": f.type}
                        for f in one.fields
                    ],
                    "laws": [law.words.to_json() for law in one.laws],
                    "fictitious": one.fictitious,
                },
                sharing=one.sharing,
                opening=one.opening,
            )


def _described(
    code: str,
    kind: str,
    owner: str,
    name: Text,
    summary: Text,
    said: dict[str, Any],
    *,
    sharing: str,
    opening: str,
) -> Listing:
    """An entry that is described and not kept here as a table."""
    office = department(owner)
    texts = [code, name.zh, name.en, summary.zh, summary.en]
    for field in said["fields"]:
        texts += [field["name"], field["words"]["zh"], field["words"]["en"]]
    missing = list(_lacking(said, sharing, owner=office is not None))
    return Listing(
        code=code,
        kind=kind,
        organization=spelled(owner),
        opening=opening,
        sharing=sharing,
        formats=[said["form"].upper()] if said.get("form") and opening != "none" else [],
        title=name.zh,
        modified=_LAST if said.get("fictitious") else _NO_DATE,
        score=max(0, 100 - 10 * len(missing)),
        terms=terms_of(texts + ([office.name.zh, office.name.en] if office else [])),
        told={
            "title": name.to_json(),
            "summary": summary.to_json(),
            "missing": [each.to_json() for each in missing],
            "fictitious": False,
            **said,
        },
    )


def _lacking(said: Mapping[str, Any], sharing: str, *, owner: bool) -> Iterator[Text]:
    """Which of the core metadata of GB/T 21063 an entry does without."""
    if not said.get("catalogue_code"):
        yield Text("没有信息资源代码", "no resource code")
    if not owner:
        yield Text("没有提供方", "no owner")
    if not said.get("fields"):
        yield Text("没有信息项", "no fields")
    elif any(f["words"]["zh"] in ("", f["name"]) for f in said["fields"]):
        yield Text("有信息项没有名称", "a field without words")
    if said.get("update") == "irregular":
        yield Text("没有更新周期", "no update cycle")
    if not said.get("form"):
        yield Text("没有信息资源格式", "no format")
    if sharing != "none" and not said.get("way"):
        yield Text("没有共享方式", "no way of sharing")


def _code(owner: str, serial: int) -> str:
    """A register's resource code: departmental, its department's number, its own number."""
    return f"300{number_of(owner):03}/{serial:05}"


def told(entry: Listing, name: str) -> Mapping[str, Any]:
    """Words of an entry."""
    found: Mapping[str, Any] = entry.told.get(name, {"zh": "", "en": ""})
    return found
