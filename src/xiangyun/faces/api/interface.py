"""The interface for programs: the verbs of the pages, as OpenAPI 3.1, with tokens.

Every answer comes after the commit. What is absent and what is forbidden answer 404 alike; what a
person did wrong answers 422 with every finding in both languages. The routers are those that the
manifests of the apps name.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from ninja import NinjaAPI
from ninja.operation import Operation

from xiangyun import __version__, manifest
from xiangyun.kernel.findings import Refused

from . import words
from .asking import Token


class Interface(NinjaAPI):
    """The interface, whose operations are called by their functions, wherever these stand."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The id that generated clients make their names from."""
        return operation.view_func.__name__


api = Interface(
    title="祥云 Xiangyun",
    version=__version__,
    description=(
        "演示系统：人物、企业均为虚构，不是任何政府的官方网站。"
        " A demonstration: all persons and companies are fictitious."
    ),
    auth=Token(),
    urls_namespace="api",
    docs_url=None,  # its page would fetch scripts from elsewhere; openapi.json is what counts
    servers=[{"url": settings.PUBLIC_URL}],
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    """Every finding, in both languages."""
    request.failed = True  # type: ignore[attr-defined]
    findings = [words.finding(found) for found in problem.findings]
    return api.create_response(request, {"findings": findings}, status=422)


@api.exception_handler(ObjectDoesNotExist)
def absent(request: HttpRequest, problem: ObjectDoesNotExist) -> HttpResponse:
    """Absent or forbidden: the answer is the same."""
    request.failed = True  # type: ignore[attr-defined]
    return api.create_response(request, {"findings": [words.ABSENT]}, status=404)


@api.exception_handler(PermissionError)
def not_allowed(request: HttpRequest, problem: PermissionError) -> HttpResponse:
    """A verb that this account cannot use at all."""
    request.failed = True  # type: ignore[attr-defined]
    return api.create_response(request, {"findings": [words.NOT_ALLOWED]}, status=403)


for app in manifest.apps():
    for router in app.manifest.api:
        api.add_router("", import_string(router.replace(":", ".")))
