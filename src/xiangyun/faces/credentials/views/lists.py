"""Status lists and the keys to believe them by."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files as resources

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.certificates import queries, statuses
from xiangyun.domain.certificates.ports import keyring, signer
from xiangyun.domain.certificates.trust import FORMAT, Organisation
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import Text


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """The signed list, as it was published last (Token Status List, section 8.1)."""
    token = queries.published_list(statuses.uri_of(number))
    if token is None:
        raise Http404
    answer = HttpResponse(token, content_type="application/statuslist+jwt")
    answer.headers["Cache-Control"] = f"public, max-age={int(statuses.EVERY.total_seconds())}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """This instance as an organisation of a trust list, to be taken over into another's.

    Whoever takes it compares the key ids by another way than this address.
    """
    own = queries.own_trust().organisation_of(settings.PUBLIC_URL)
    signer("ES256")
    root = base64.encodebytes(keyring().chain()[-1]).decode().strip()
    listed = {
        "name": {"zh": "本平台", "en": "This platform"},
        "issuers": list(own.issuers) if own else [],
        "keys": [{**key, "kid": kid} for kid, key in own.keys.items()] if own else [],
        "roots": [f"-----BEGIN CERTIFICATE-----\n{root}\n-----END CERTIFICATE-----\n"],
    }
    answer = JsonResponse({"format": FORMAT, "organisations": [listed]})
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@dataclass(frozen=True, slots=True)
class Believed:
    """An organisation as the page shows it: keys by id with their kind; days left."""

    name: Text
    issuers: tuple[str, ...]
    keys: list[tuple[str, str]]
    roots: list[str]
    until: date | None
    left: int | None

    @property
    def state(self) -> str:
        """`red` when it is over, `amber` for the last thirty days."""
        if self.left is None or self.left > _SOON:
            return ""
        return "red" if self.left < 0 else "amber"


_SOON = 30
_KINDS = {"Ed25519": "Ed25519", "P-256": "ES256", "SM2": "SM2"}


@require_safe
def trust_page(request: ActorRequest) -> HttpResponse:
    """By whose keys certificates are believed here, for everybody."""
    signer("ES256")
    today = timezone.localdate()
    shown = [_believed(each, today) for each in queries.trusted_organisations()]
    return public_page(request, "credentials/trust.html", {"organisations": shown})


def _believed(each: Organisation, today: date) -> Believed:
    kinds = [
        (kid, _KINDS.get(str(key.get("crv")), str(key.get("crv"))))
        for kid, key in each.keys.items()
    ]
    roots = [hashlib.sha256(root).hexdigest() for root in each.roots]
    left = (each.until - today).days if each.until else None
    return Believed(each.name, each.issuers, kinds, roots, each.until, left)


@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """The page that checks certificates, receipts and evidence offline, with our keys in it."""
    page = resources("xiangyun.domain.evidence").joinpath("verify.html")
    signer("ES256")  # the key of SD-JWT is made when it is first asked for
    keys = json.dumps(dict(signer().trusted)).replace("<", "\\u003c")
    empty = '<script type="application/json" id="trusted">{}</script>'
    made = page.read_text("utf-8").replace(empty, empty.replace("{}", keys))
    answer = HttpResponse(made, content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.html"'
    return answer
