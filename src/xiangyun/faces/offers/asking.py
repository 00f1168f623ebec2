"""Fields of a register on a page: to fill in a record, and to narrow a search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from xiangyun.domain.files import queries as files
from xiangyun.domain.offers import own
from xiangyun.domain.registers.queries import State, Used
from xiangyun.faces.look import places, records
from xiangyun.faces.look.answers import divisions_words
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.faces.look.region import PROVINCE
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.record.model import Field as Declared

LONGEST = 2_000
_BOOLEAN = (("true", Text("是", "yes")), ("false", Text("否", "no")))
_KINDS = {"integer": "number", "number": "number", "date": "date"}
_FROM, _TO = "from", "to"


def filled(
    fields: Iterable[Declared],
    typed: Mapping[str, str],
    faults: Sequence[Finding] = (),
    files: Sequence[str] = (),
) -> list[Field]:
    """The fields to fill in, as typed, each with the first fault at it; `files` are handed in."""
    wrong: dict[str, Finding] = {}
    for each in faults:
        wrong.setdefault(each.place.question if each.place else "", each)
    return [
        Field(
            field.name,
            "file",
            field.words,
            required=field.required and not typed.get(field.name),
            error=wrong.get(field.name),
        )
        if field.name in files
        else _field(field, typed.get(field.name, ""), wrong.get(field.name))
        for field in fields
    ]


def written(fields: Iterable[Declared], data: Mapping[str, Any]) -> dict[str, str]:
    """What is kept, as somebody would have typed it."""
    found = {}
    for field in fields:
        value = data.get(field.name)
        if isinstance(value, bool):
            found[field.name] = "true" if value else "false"
        elif isinstance(value, list):
            found[field.name] = "；".join(map(str, value))
        elif value is not None:
            found[field.name] = str(value)
    return found


def sent(fields: Iterable[Declared], post: Mapping[str, str]) -> dict[str, str]:
    """What a form sends: places by name become codes, as far as one is meant."""
    found = {}
    for field in fields:
        cell = str(post.get(field.name, ""))[:LONGEST].replace("\0", "").strip()
        if cell and field.format == "division":
            place = places.find(cell, str(post.get(f"{field.name}.pick", ""))[:12], PROVINCE)
            cell = place if isinstance(place, str) else cell
        found[field.name] = cell
    return found


def files_in(used: Used, data: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """The fields of a record that hold a file, with what they are called."""
    found = own.entered_in(used)
    if found is None:
        return []
    declared, entered = found
    return [(name, declared.by_name[name].words) for name in entered.files if data.get(name)]


def told(used: Used, data: Mapping[str, Any]) -> list[records.Value]:
    """What a record says; a file is taken away rather than its digest read."""
    files = dict(files_in(used, data))
    return [each for each in records.values_of(used, data) if each.name not in files]


def taken_away(used: Used, state: State | None, name: str) -> HttpResponse:
    """A file of a record to take away, under its key. Raises Http404 where there is none."""
    data = (state.data if state else None) or {}
    if state is None or name not in dict(files_in(used, data)):
        raise Http404
    try:
        content = files.content(str(data[name]))
    except Refused:
        raise Http404 from None
    said = f"{state.key}.pdf" if content.startswith(b"%PDF-") else state.key
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, said) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer


def narrowing(used: Used) -> list[Declared]:
    """The fields by which a search may be narrowed, as the declaration has them searched."""
    declared = used.declaration
    if declared is None:
        return []
    found = own.entered_in(used)
    hidden = {*found[1].given, *found[1].files} if found else set()
    return [
        field
        for field in declared.fields
        if field.name in used.numbers
        and field.name not in (declared.key, declared.subject_field)
        and field.searched in ("code", "number", "date")
        and field.format != "division"
        and field.name not in hidden
        and not field.sensitive
    ]


def telling(used: Used) -> list[Declared]:
    """The fields that a list shows: the place, then choices, then numbers and days."""
    declared = used.declaration
    place = [declared.by_name[declared.division]] if declared and declared.division else []
    fields = [field for field in narrowing(used) if field.type != "text"]
    return place + sorted(fields, key=lambda each: each.type != "choice")


def narrowed(used: Used, asked: Mapping[str, str]) -> dict[str, Any]:
    """The filters that a query asks for: a value, or from and to of numbers and days."""
    found: dict[str, Any] = {}
    for field in narrowing(used):
        if field.searched == "code":
            value = _cell(asked, field.name)
            if value:
                found[field.name] = value
            continue
        ends = tuple(_cell(asked, f"{field.name}.{end}") or None for end in (_FROM, _TO))
        if any(ends):
            found[field.name] = ends
    return found


def filters(used: Used, chosen: Mapping[str, Any]) -> list[Field]:
    """The same as fields of a page, with what is chosen."""
    found = []
    for field in narrowing(used):
        value = chosen.get(field.name)
        if field.searched == "code":
            made = _field(field, str(value or ""), None, anchor=f"by-{field.name}")
            found.append(_any(made))
            continue
        low, high = value if isinstance(value, tuple) else (None, None)
        first, last = _DAYS if field.type == "date" else _AMOUNTS
        for end, typed, said in ((_FROM, low, first), (_TO, high, last)):
            label = Text("{field}{said}", "{field}, {said}", field=field.words, said=said)
            found.append(
                Field(
                    f"{field.name}.{end}",
                    _KINDS.get(field.type, "text"),
                    label,
                    required=False,
                    typed=str(typed or ""),
                    anchor=f"by-{field.name}-{end}",
                )
            )
    return found


_AMOUNTS = Text("不少于", "at least"), Text("不多于", "at most")
_DAYS = Text("不早于", "not before"), Text("不晚于", "not after")


def _any(field: Field) -> Field:
    choices = [Choice("", Text("全部", "All")), *field.choices] if field.kind == "select" else []
    return Field(
        field.key,
        field.kind,
        field.label,
        required=False,
        typed=field.typed,
        choices=choices,
        anchor=field.anchor,
    )


def _cell(asked: Mapping[str, str], name: str) -> str:
    return str(asked.get(name, ""))[:200].replace("\0", "").strip()


def _field(field: Declared, typed: str, error: Finding | None, anchor: str = "") -> Field:
    if field.type in ("choice", "boolean"):
        options = [(o.value, o.words) for o in field.options] or list(_BOOLEAN)
        if not field.required:
            options.insert(0, ("", Text("—", "—")))
        return Field(
            field.name,
            "select",
            field.words,
            required=field.required,
            typed=typed,
            choices=[Choice(value, said, value == typed) for value, said in options],
            error=error,
            anchor=anchor,
        )
    is_place = field.format == "division"
    return Field(
        field.name,
        "place" if is_place else _KINDS.get(field.type, "text"),
        field.words,
        hint=_HINTS.get(field.type),
        required=field.required,
        typed=words(divisions_words(typed)) if is_place and typed.isdigit() else typed,
        error=error,
        suggest=reverse("portal:places") if is_place else "",
        anchor=anchor,
    )


_HINTS = {
    "list": Text("几项用分号隔开。", "Several with semicolons between."),
    "moment": Text("例如 2026-04-09 10:30。", "Such as 2026-04-09 10:30."),
}
