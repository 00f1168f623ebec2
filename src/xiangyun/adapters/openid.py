"""Providers that log people in for us: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636).

Which there are says a file of YAML that `XIANGYUN_PROVIDERS` names; see
docs/how-to/log-in-elsewhere.md. A provider is found by its issuer (OpenID Connect Discovery 1.0).
State, nonce, signature, issuer, audience and times of the ID token are checked by Authlib; what it
leaves open is here: that the issuer of the metadata is the one that was named, and that nothing is
taken unsigned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError
from requests import RequestException

from xiangyun.kernel.findings import Finding, Place, Refused, Text

_SECONDS = 8.0
"""How long a provider may take for an answer."""
_SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CLAIMS = {"login": "preferred_username", "name": "name"}
_KNOWN = {
    *("code", "name", "issuer", "client", "secret", "secret_file"),
    *("scopes", "claims", "opens", "second_factor"),
}


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: `claims` says which claim holds login, name, id_number or mobile.

    `opens`: whether a first log-in opens a person's account; else the account is there before and
    is linked by its owner. `asks_factor`: whether the provider asks for a second factor itself.
    """

    code: str
    words: Text
    issuer: str
    client: str
    secret: str
    scopes: str
    claims: tuple[tuple[str, str], ...]
    opens: bool
    asks_factor: bool


@dataclass(frozen=True, slots=True)
class Proved:
    """Who a provider says it is. The subject, with the issuer, is the only thing to know one by."""

    issuer: str
    subject: str
    values: Mapping[str, str]
    id_token: str


def providers() -> Mapping[str, Provider]:
    """The providers of this instance by their codes. Raises Refused `provider.E001`."""
    if not settings.PROVIDERS:
        return {}
    file = Path(settings.PROVIDERS)
    return _read(file, file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=4)
def _read(file: Path, stamp: int) -> Mapping[str, Provider]:
    try:
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))["providers"]
        found = [_provider(entry, file.parent) for entry in entries]
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as problem:
        said = Text(
            "登录服务的文件不能读取：{problem}。",
            "The file of providers cannot be read: {problem}.",
            problem=str(problem),
        )
        raise Refused([Finding("provider.E001", "error", said, Place(str(file)))]) from None
    return {provider.code: provider for provider in found}


def _provider(entry: Mapping[str, Any], folder: Path) -> Provider:
    if unknown := entry.keys() - _KNOWN:
        raise ValueError(", ".join(sorted(unknown)))
    secret = entry.get("secret") or (folder / entry["secret_file"]).read_text().strip()
    scopes = dict.fromkeys(["openid", *entry.get("scopes", ["profile"])])
    issuer = entry["issuer"]
    if urlsplit(issuer).scheme != "https" and not _is_here(issuer):
        raise ValueError(f"https: {issuer}")
    return Provider(
        code=entry["code"],
        words=Text.given(entry["name"]["zh"], entry["name"]["en"]),
        issuer=issuer,
        client=entry["client"],
        secret=secret,
        scopes=" ".join(scopes),
        claims=tuple((_CLAIMS | entry.get("claims", {})).items()),
        opens=entry.get("opens") == "person",
        asks_factor=entry.get("second_factor", "here") == "provider",
    )


def _is_here(address: str) -> bool:
    """Whether an address is one of this very machine, as a provider under test is."""
    return urlsplit(address).hostname in ("localhost", "127.0.0.1", "::1")


def begin(request: HttpRequest, provider: Provider, back: str) -> HttpResponse:
    """Lead the browser to the provider. Raises Refused `provider.E002` where it does not answer."""
    try:
        app = _app(provider)
        _metadata(app, provider)
        answer: HttpResponse = app.authorize_redirect(request, back)
        return answer
    except _FAILURES:
        raise Refused([_AWAY]) from None


def finish(request: HttpRequest, provider: Provider) -> Proved:
    """Whom the provider has sent back. Raises Refused `provider.E003` where it proves nobody."""
    try:
        app = _app(provider)
        issuer = _metadata(app, provider)
        # RFC 9207: an answer that names its issuer has to name this one
        if request.GET.get("iss", issuer) != issuer:
            raise ValueError("issuer")
        token = app.authorize_access_token(request)
        claims = dict(token["userinfo"])
        if not claims.get("sub"):
            raise ValueError("sub")
        wanted = dict(provider.claims)
        if any(claim not in claims for claim in wanted.values()):
            more = app.userinfo(token=token)
            if more.get("sub") == claims["sub"]:  # OpenID Connect Core 5.3.2
                claims = {**more, **claims}
    except _FAILURES:
        raise Refused([_NOT_PROVED]) from None
    values = {key: str(claims[claim]) for key, claim in wanted.items() if claims.get(claim)}
    return Proved(issuer, str(claims["sub"]), values, str(token["id_token"]))


def ending(provider: Provider, id_token: str, back: str) -> str | None:
    """Where a browser ends its log-in at the provider (RP-Initiated Logout 1.0), if it can."""
    try:
        app = _app(provider)
        _metadata(app, provider)
        if not app.server_metadata.get("end_session_endpoint"):
            return None
        made = app.create_logout_url(
            post_logout_redirect_uri=back, id_token_hint=id_token, client_id=provider.client
        )
        return str(made["url"])
    except _FAILURES:
        return None


@lru_cache(maxsize=16)
def _app(provider: Provider) -> Any:
    """The client of a provider; it keeps the metadata and keys that it has fetched."""
    return OAuth().register(
        provider.code,
        client_id=provider.client,
        client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": provider.scopes,
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
        },
    )


def _metadata(app: Any, provider: Provider) -> str:
    """Fetch the metadata once; the issuer, which has to be the one that was named."""
    found = app.load_server_metadata()
    issuer = str(found["issuer"])
    if issuer.rstrip("/") != provider.issuer.rstrip("/"):
        app.server_metadata.clear()
        raise ValueError("issuer")
    offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
    found["id_token_signing_alg_values_supported"] = [a for a in offered if a in _SIGNED]
    return issuer


_FAILURES = (OAuthError, JoseError, RequestException, ValueError, KeyError, RuntimeError, TypeError)
_AWAY = Finding(
    "provider.E002",
    "error",
    Text("登录服务现在没有应答。", "The provider does not answer now."),
    hint=Text("请稍后再试，或用密码登录。", "Try again later, or log in with the password."),
)
_NOT_PROVED = Finding(
    "provider.E003",
    "error",
    Text("登录服务没有确认您的身份。", "The provider did not confirm who you are."),
    hint=Text("请重新登录。", "Log in once more."),
)
