"""The interface for programs: the verbs of the pages, as OpenAPI 3.1, with tokens.

Every answer comes after the commit. What is absent and what is forbidden answer 404 alike; what a
person did wrong answers 422 with every finding in both languages. The routers are those that the
manifests of the apps name.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from xiangyun import __version__, manifest
from xiangyun.faces.look.refusals import STATUS
from xiangyun.kernel.findings import Refused

from . import problems, words
from .asking import Token
from .problems import problem
from .strictjson import StrictJson


class Interface(NinjaAPI):
    """The interface, whose operations are called by their functions, wherever these stand."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The id that generated clients make their names from."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The description, in which each operation also says how it refuses."""
        schema = super().get_openapi_schema(**given)
        schema["components"]["schemas"] |= _problem_schemas()
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                refusals = _refusals(method, operation)
                operation["responses"] |= dict.fromkeys(refusals, _REFUSED)
                operation.setdefault("parameters", []).append(_PARTY)
        return schema


def _problem_schemas() -> dict[str, Any]:
    made = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = made.pop("$defs", {})
    return {**parts, "Problem": made}


_REFUSED = {
    "description": "Why nothing was done (RFC 9457).",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


_PARTY = {
    "in": "header",
    "name": "Xiangyun-Subject",
    "schema": {"type": "string", "format": "uuid"},
    "required": False,
    "description": "The party that the account acts for, by its id; see `subjects`.",
}


def _refusals(method: str, operation: dict[str, Any]) -> list[int]:
    """The statuses besides success that an operation may answer."""
    codes = [400, 403, 404, 405, 422, 429, 503]  # 403 also for a party one does not act for
    if operation.get("security"):
        codes.append(401)
    if method != "get":
        codes += [409, 413]
    return sorted(codes)


api = Interface(
    title="祥云 Xiangyun",
    version=__version__,
    description=(
        "A demonstration: all persons and companies are fictitious; no site of any government."
    ),
    auth=Token(),
    parser=StrictJson(),
    urls_namespace="api",
    docs_url=None,  # its page would fetch scripts from elsewhere; openapi.json is what counts
    servers=[{"url": settings.PUBLIC_URL}],
)


def _undo(request: HttpRequest) -> None:
    """Nothing of the request stays."""
    request.failed = True  # type: ignore[attr-defined]


@api.exception_handler(Refused)
def refused(request: HttpRequest, found: Refused) -> HttpResponse:
    """Every finding, in both languages."""
    _undo(request)
    return problem(STATUS[found.kind], [words.finding(each) for each in found.findings])


@api.exception_handler(ObjectDoesNotExist)
@api.exception_handler(Http404)
def absent(request: HttpRequest, found: Exception) -> HttpResponse:
    """Absent or forbidden: the answer is the same."""
    _undo(request)
    return problem(404, [words.ABSENT])


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, found: ValidationError) -> HttpResponse:
    """Values of another shape than the description says."""
    _undo(request)
    return problem(422, problems.misshapen(found.errors))


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, found: AuthenticationError) -> HttpResponse:
    """No token, or none that counts."""
    response = problem(401, problems.NO_TOKEN)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def other(request: HttpRequest, found: HttpError) -> HttpResponse:
    """What ninja itself refuses: a body that is no JSON."""
    _undo(request)
    return problem(found.status_code, problems.NO_JSON)


for app in manifest.apps():
    for router in app.manifest.api:
        api.add_router("", import_string(router.replace(":", ".")))
