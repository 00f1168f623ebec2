"""The catalogue: every data set and register as an entry that is searched, with its quality.

Chinese is found by pairs of characters, everything else by words and by how they begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import declarations as registers
from xiangyun.kernel.codes.department import department, spelled
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import DataSet

from .models import Listing, Release

_HAN = re.compile("[㐀-鿿]+")
_WORD = re.compile(r"[a-z0-9]+")
_NO_DATE = datetime(2026, 1, 1, tzinfo=timezone.get_fixed_timezone(480))
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
        datasets = {each.code: each for each in catalogue.declared("dataset")}
        entries = [_dataset(each.value) for each in datasets.values()]
        entries += list(_registers())
        kept = {entry.code for entry in entries}
        gone = Listing.objects.filter(source="").exclude(code__in=kept)
        stones = {one.dataset for one in Release.objects.filter(state="withdrawn")}
        gone.exclude(code__in=stones).delete()
        _put(entries)
    return len(entries)


def relist(code: str) -> None:
    """Bring one data set's entry up to date."""
    with acting_as(SYSTEM):
        for each in catalogue.declared("dataset"):
            if each.code == code:
                _put([_dataset(each.value)])


def _put(entries: list[Listing]) -> None:
    fields = [f.name for f in Listing._meta.concrete_fields if f.name != "code"]
    Listing.objects.bulk_create(
        entries,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=fields,
    )


put = _put
"""For harvests: entries of others, which replace those with their codes."""


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
        office = department(one.department)
        texts = [one.name.zh, one.name.en, one.code]
        for field in one.fields:
            texts += [field.words.zh, field.words.en, field.name]
        shared = (
            "none" if used.need else ("unconditional" if "all" in one.readers else "conditional")
        )
        missing = [] if all(field.words.zh != field.name for field in one.fields) else [
            Text("有信息项没有名称", "a field without words")
        ]  # fmt: skip
        yield Listing(
            code=f"register-{one.code}",
            kind="register",
            organization=spelled(one.department),
            opening="none",
            sharing=shared,
            tags=[],
            title=one.name.zh,
            modified=_NO_DATE,
            score=100 - 10 * len(missing),
            terms=terms_of(texts + ([office.name.zh, office.name.en] if office else [])),
            told={
                "title": one.name.to_json(),
                "summary": one.name.to_json(),
                "fields": [
                    {"name": f.name, "words": f.words.to_json(), "type": f.type} for f in one.fields
                ],
                "laws": [law.words.to_json() for law in one.laws],
                "missing": [each.to_json() for each in missing],
            },
        )


def told(entry: Listing, name: str) -> Mapping[str, Any]:
    """Words of an entry."""
    found: Mapping[str, Any] = entry.told.get(name, {"zh": "", "en": ""})
    return found
