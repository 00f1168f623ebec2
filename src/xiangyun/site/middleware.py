"""What stands around every request: security headers, and the transaction of the one who asks."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from contextlib import nullcontext
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from xiangyun.adapters.outages import FULL, STOPPED, Outage, outage_of
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import ANONYMOUS, Actor, acting_as
from xiangyun.domain.reading import reading
from xiangyun.faces.api import words
from xiangyun.faces.api.problems import problem
from xiangyun.faces.look.languages import read_in, wanted_by
from xiangyun.faces.look.policy import POLICY
from xiangyun.faces.portal.views import errors
from xiangyun.kernel.findings import Forbidden, Refused, Text

from . import limits

INTERFACE = "/api/"
DOCUMENTATION = "/api/docs"
"""The one page below the interface: people read it, in the frame and with the session of pages."""
_OF_ACCOUNTS = ("/account", "/office/", "/certificates/")
SUBJECT_HEADER = "Xiangyun-Subject"
"""The party that a program acts for, by its id; see `subjects` of the interface."""
_log = logging.getLogger(__name__)

Respond = Callable[[HttpRequest], HttpResponse]


class ActingRequest(HttpRequest):
    """A request whose asker is known to the database."""

    actor: Actor


def head_as_get(get_response: Respond) -> Respond:
    """What HEAD asks is answered like GET without its body (RFC 9110, 9.3.2), for every address.

    Neither Django nor the web server leaves the body out: whoever keeps the connection would take
    it for the beginning of the next answer.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return get_response(request)
        request.method = request.META["REQUEST_METHOD"] = "GET"
        response = get_response(request)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = iter(())
        else:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response

    return respond


def refuse_floods(get_response: Respond) -> Respond:
    """Refuse a body larger than anything a form asks for before any of it is read."""

    def respond(request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.LARGEST_BODY:
            limit = settings.LARGEST_BODY // 1_048_576
            said = Text(
                "一次最多上传 {limit} MB，请分次或压缩后再传。您已保存的内容没有丢失。",
                "At most {limit} MB at once: upload in parts or compress. Nothing kept is lost.",
                limit=limit,
            )
            return HttpResponse(
                said.pick(wanted_by(request)) + "\n",
                status=413,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return respond


def readers_language(get_response: Respond) -> Respond:
    """Answer in the language that the reader wants, of those there are."""

    def respond(request: HttpRequest) -> HttpResponse:
        language = wanted_by(request)
        request.LANGUAGE_CODE = language.tag
        with read_in(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language.tag)
        patch_vary_headers(response, ("Accept-Language",))
        return response

    return respond


def security_headers(get_response: Respond) -> Respond:
    """Only what this site itself serves may run or be shown in its pages."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


def readable_refusals(get_response: Respond) -> Respond:
    """What a view refuses with an empty answer becomes a page; programs get it as it is."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or request.path.startswith(INTERFACE):
            return response
        if response.headers.get("Content-Type") == "application/problem+json":
            return response  # of an address that programs post to
        page = errors.not_so(request)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    return respond


def _asker(request: HttpRequest) -> Actor:
    """Programs come with a token and never with the session of a browser; pages the reverse."""
    if not request.path.startswith(INTERFACE) or request.path == DOCUMENTATION:
        actor = accounts.actor_by_session(request.session)
        # Who stays unknown has no account to look after.
        return ANONYMOUS if actor.is_reporter and request.path.startswith(_OF_ACCOUNTS) else actor
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        return ANONYMOUS
    actor = accounts.actor_by_token(token, timezone.now()) or ANONYMOUS
    named = request.headers.get(SUBJECT_HEADER, "")
    return _for_subject(actor, named) if named and actor is not ANONYMOUS else actor


def _for_subject(actor: Actor, named: str) -> Actor:
    """The actor acting for the party that a program names; Forbidden for one it may not act for."""
    try:
        found = representing.for_party(actor, UUID(named))
    except ValueError:
        found = None
    if found is None:
        raise Forbidden([representing.NOT_REPRESENTED])
    return found


def _not_so(refused: Refused) -> HttpResponse:
    return problem(403, [words.finding(each) for each in refused.findings])


class acting:
    """Answer a request inside one transaction in which the database shows what its asker may see.

    The answer leaves only after the commit: what a person was told is done, is done. A view that
    fails leaves nothing behind.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: ActingRequest) -> HttpResponse:
        if request.path.startswith("/static/") or request.path == "/alive":
            return self.get_response(request)
        if _has_nul(request):
            return errors.unreadable(request)
        try:
            try:
                request.actor = _asker(request)
            except Forbidden as refused:  # a program named a party that it may not act for
                return _not_so(refused)
            account = request.actor.account
            if account is not None and (wait := limits.wait_of_account(request, account)):
                return limits.too_often(request, wait)
            reads = request.method in ("GET", "HEAD")
            with reading() if reads else nullcontext(), acting_as(request.actor):
                response = self.get_response(request)
                if response.status_code >= 500 or getattr(request, "failed", False):
                    transaction.set_rollback(True)
        except Exception as problem:  # also at the commit: nobody knows whether it came through
            if (outage := outage_of(problem)) is None:
                raise
            return _told(request, outage)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Note the failure; what is absent and what is forbidden answer the same: not found."""
        request.failed = True  # type: ignore[attr-defined]
        if (outage := outage_of(exception)) is not None:
            return _told(request, outage)
        if isinstance(exception, ObjectDoesNotExist):
            raise Http404 from exception
        if isinstance(exception, Refused) and not request.path.startswith(INTERFACE):
            return errors.refused(request, exception)
        return None


def _has_nul(request: HttpRequest) -> bool:
    """Whether an address or a form holds a NUL, which no text of the database can."""
    if "\0" in request.path or any("\0" in v for values in request.GET.lists() for v in values[1]):
        return True
    if request.method != "POST" or request.path.startswith(INTERFACE):
        return False
    return any("\0" in name or "\0" in v for name, vs in request.POST.lists() for v in vs)


def failed(request: HttpRequest) -> HttpResponse:
    """500 for a fault of ours; for an outage noticed around the views, such as by the session, 503.

    The handler of all that no view and no middleware caught: Django calls it in the `except`.
    """
    problem = sys.exc_info()[1]
    outage = outage_of(problem) if problem is not None else None
    return _told(request, outage) if outage is not None else errors.broken(request)


def _told(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503: what is out comes back by itself, or after somebody made room."""
    if outage in (FULL, STOPPED):
        _log.error(outage.finding.message)
    if request.path.startswith(INTERFACE):
        response = problem(503, [words.finding(outage.finding)])
    else:
        response = errors.out(request, outage)
    response.headers["Retry-After"] = str(outage.wait)
    return response
