"""The documentation of the interface as a page of this site: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest

from .interface import api


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a member of what is sent: where it stands, what it is, whether it must be."""

    name: str
    place: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how it is asked, what it does, what is sent, what it answers."""

    id: str
    method: str
    path: str
    says: str
    fields: tuple[Field, ...]
    answers: str
    open: bool


@require_safe
def docs(request: ActorRequest) -> HttpResponse:
    """Every operation, in the order of the addresses, read from the description itself."""
    schema = api.get_openapi_schema(path_prefix="/api/")
    context = {"operations": list(operations(schema)), "version": schema["info"]["version"]}
    return public_page(request, "api/docs.html", context)


def operations(schema: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations of an OpenAPI description."""
    for path, methods in sorted(schema["paths"].items()):
        for method, said in methods.items():
            yield Operation(
                id=said["operationId"],
                method=method.upper(),
                path=path,
                says=said.get("description") or said.get("summary", ""),
                fields=tuple(_fields(said, schema)),
                answers=_answer(said),
                open=not said.get("security"),
            )


def _fields(said: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Field]:
    for one in said.get("parameters", ()):
        if one["in"] != "header":
            yield Field(one["name"], one["in"], _kind(one["schema"]), one.get("required", False))
    content = said.get("requestBody", {}).get("content", {})
    for media in content.values():
        body = _found(media.get("schema", {}), schema)
        for name, member in body.get("properties", {}).items():
            yield Field(name, "body", _kind(member), name in body.get("required", ()))


def _found(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = part.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = schema["components"]["schemas"].get(name, part)
    return found


def _kind(part: Mapping[str, Any]) -> str:
    if "$ref" in part:
        return str(part["$ref"]).rpartition("/")[2]
    if "anyOf" in part:
        return " | ".join(dict.fromkeys(_kind(each) for each in part["anyOf"]))
    kind = str(part.get("type", "any"))
    if kind == "array":
        return f"[{_kind(part.get('items', {}))}]"
    return f"{kind} ({part['format']})" if "format" in part else kind


def _answer(said: Mapping[str, Any]) -> str:
    for status, answer in said["responses"].items():
        if str(status).startswith("2"):
            content = answer.get("content", {})
            kinds = [_kind(media.get("schema", {})) for media in content.values()]
            return " | ".join(dict.fromkeys(kinds)) or str(status)
    return ""
