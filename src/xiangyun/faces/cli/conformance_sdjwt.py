"""SD-JWT as its test cases are written: claims, what the holder shows, what the verifier sees.

Every case is issued with its keys, read back, disclosed, bound where it says so, and verified; and
then spoilt in every way that must be found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from xiangyun.domain.journal import algorithms
from xiangyun.kernel.credential import sdjwt
from xiangyun.kernel.credential.encodings import from_base64url, to_base64url
from xiangyun.kernel.credential.jws import Sign
from xiangyun.kernel.credential.sdjwt import Binding, Hidden, SdJwt, Term
from xiangyun.kernel.findings import Refused

from .scoring import Score, must_fail

_DEFAULTS: dict[str, Any] = {
    "identifiers": {"issuer": "https://issuer.example", "verifier": "https://verifier.example"},
    "key_binding_nonce": "1234567890",
    "iat": 1683000000,
    "exp": 1883000000,
}


class _Loader(yaml.SafeLoader):
    """YAML in which `!sd` marks what is hidden: a key of a mapping, or an element of a list."""


class _Marked:
    """A value with the mark, before it is known whether it is a key or an element."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return hash(str(self.value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Marked) and self.value == other.value


def _marked(loader: yaml.SafeLoader, node: yaml.Node) -> _Marked:
    if isinstance(node, yaml.MappingNode):
        return _Marked(loader.construct_mapping(node, deep=True))
    if isinstance(node, yaml.SequenceNode):
        return _Marked(loader.construct_sequence(node, deep=True))
    assert isinstance(node, yaml.ScalarNode)
    tag: str = loader.resolve(yaml.ScalarNode, node.value, (node.style is None, False))  # type: ignore[no-untyped-call]
    plain = yaml.ScalarNode(tag, node.value)
    return _Marked(loader.construct_object(plain, deep=True))


_Loader.add_constructor("!sd", _marked)


def run(path: Path, test: str, score: Score) -> None:
    """Try one case."""
    case: dict[str, Any] = yaml.load(path.read_text("utf-8"), _Loader)
    settings = _settings(path, case)
    name = test.rpartition("/")[0] or test
    try:
        _run(case, settings, name, score)
        _run_given(path.parent, case, settings, name, score)
    except Refused as problem:
        score.count(name, "issued and verified", str(problem))


def _settings(path: Path, case: dict[str, Any]) -> dict[str, Any]:
    settings = dict(_DEFAULTS)
    for folder in (path.parent.parent, path.parent):
        if (folder / "settings.yml").exists():
            settings |= yaml.safe_load((folder / "settings.yml").read_text("utf-8"))
    override: dict[str, Any] = case.get("settings_override") or {}
    settings |= {name: each for name, each in override.items() if name != "key_settings"}
    keys = dict(settings.get("key_settings", {})) | (override.get("key_settings") or {})
    return settings | {"key_settings": keys}


def _run(case: dict[str, Any], settings: dict[str, Any], name: str, score: Score) -> None:
    issuers = [_signer(each) for each in settings["key_settings"]["issuer_keys"]]
    publics = [_public(each) for each in settings["key_settings"]["issuer_keys"]]
    binds = bool(case.get("key_binding"))
    claims = {
        "iss": settings["identifiers"]["issuer"],
        "iat": settings["iat"],
        "exp": settings["exp"],
        **_claims(case["user_claims"]),  # type: ignore[dict-item]
    }
    holder = settings["key_settings"].get("holder_key")
    if binds:
        claims["cnf"] = {"jwk": _public(holder)}
    header = {
        "alg": "ES256",
        "typ": "example+sd-jwt",
        **(case.get("extra_header_parameters") or {}),
    }
    decoys = 2 if case.get("add_decoy_claims") else 0
    issued = sdjwt.read(sdjwt.issued(claims, _salts(), header, issuers[0], decoys))
    if case.get("serialization_format") == "json":
        issued = sdjwt.read(_as_json(issued, settings, issuers))
    wanted = _wanted(case.get("holder_disclosed_claims") or {})
    shown = sdjwt.presentation_of(issued.issued, sdjwt.chosen(issued, wanted))
    if binds:
        shown = sdjwt.bound(
            shown,
            audience=settings["identifiers"]["verifier"],
            nonce=str(settings["key_binding_nonce"]),
            at=settings["iat"] + 10,
            algorithm="ES256",
            sign=_signer(holder),
        )
    binding = _binding(settings) if binds else None
    term = Term(settings["iat"] + 20)

    def verify(text: str) -> dict[str, object]:
        credential = sdjwt.read(text)
        return sdjwt.verified(credential, publics, algorithms.holds, term=term, binding=binding)

    score.count(name, _expected(case), _seen(verify(shown)))
    for spoilt, text in _spoilt(shown, issued, binds):
        try:
            verify(text)
            got = "verified"
        except Refused:
            got = "refused"
        score.count(f"{name}/{spoilt}", "refused", got)


def _run_given(
    folder: Path, case: dict[str, Any], settings: dict[str, Any], name: str, score: Score
) -> None:
    """Presentations that lie beside the case, made by others."""
    for file in sorted(folder.glob("*presentation*")):
        text = "".join(file.read_text("utf-8").split())
        wanted = "refused" if must_fail(file) else "verified"
        publics = [_public(each) for each in settings["key_settings"]["issuer_keys"]]
        binding = _binding(settings) if case.get("key_binding") else None
        if binding is not None:
            binding = Binding(binding.audience, binding.nonce, 0, 1 << 40)
        try:
            found = _seen(
                sdjwt.verified(
                    sdjwt.read(text), publics, algorithms.holds, term=None, binding=binding
                )
            )
            got = "verified" if wanted == "refused" or found == _expected(case) else str(found)
        except Refused as problem:
            got = "refused" if wanted == "refused" else str(problem)
        score.count(f"{name}/{file.name}", wanted, got)


def _expected(case: dict[str, Any]) -> object:
    return _plain(case.get("expect_verified_user_claims"))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _seen(claims: dict[str, object]) -> dict[str, object]:
    return {name: each for name, each in claims.items() if name not in ("iss", "iat", "exp", "cnf")}


def _binding(settings: dict[str, Any]) -> Binding:
    return Binding(
        settings["identifiers"]["verifier"],
        str(settings["key_binding_nonce"]),
        settings["iat"],
        settings["iat"] + 60,
    )


def _claims(value: object) -> object:
    """Marks of the file as `Hidden` values."""
    if isinstance(value, _Marked):
        return Hidden(_claims(value.value))
    if isinstance(value, dict):
        return {
            str(name.value if isinstance(name, _Marked) else name): (
                Hidden(_claims(each)) if isinstance(name, _Marked) else _claims(each)
            )
            for name, each in value.items()
        }
    return [_claims(each) for each in value] if isinstance(value, list) else value


def _wanted(tree: object) -> Callable[[tuple[str | int, ...]], bool]:
    """Whether the holder shows what lies at a path, by the tree of the case."""

    def shows(path: tuple[str | int, ...]) -> bool:
        at: object = tree
        for step in path:
            if at is True:
                return False  # what lies deeper is shown only where it is named
            if isinstance(at, dict):
                at = at.get(step, False)
            elif isinstance(at, list) and isinstance(step, int) and step < len(at):
                at = at[step]
            else:
                return False
        return at is True or (isinstance(at, dict | list) and bool(at)) or at == "True"

    return shows


def _salts() -> Iterator[str]:
    number = 0
    while True:
        yield to_base64url(number.to_bytes(16, "big"))
        number += 1


def _public(key: dict[str, str]) -> dict[str, str]:
    return {name: each for name, each in key.items() if name != "d"}


def _signer(key: dict[str, str]) -> Sign:
    number = int.from_bytes(from_base64url(key["d"]), "big")
    private = ec.derive_private_key(number, ec.SECP256R1())
    return lambda message: algorithms.from_der(private.sign(message, ec.ECDSA(SHA256())))


def _as_json(issued: SdJwt, settings: dict[str, Any], issuers: list[Sign]) -> str:
    """The same in a JSON serialization: general where there are several issuer keys."""
    protected, payload, signature = issued.issued.split(".")
    first = {
        "protected": protected,
        "signature": signature,
        "header": {"disclosures": list(issued.disclosures)},
    }
    if len(issuers) == 1:
        return json.dumps({"payload": payload, **first})
    signatures = [first]
    for sign, key in zip(issuers[1:], settings["key_settings"]["issuer_keys"][1:], strict=True):
        head = to_base64url(json.dumps({"alg": "ES256", "kid": key.get("kid")}).encode())
        made = to_base64url(sign(f"{head}.{payload}".encode()))
        signatures.append({"protected": head, "signature": made})
    return json.dumps({"payload": payload, "signatures": signatures})


def _spoilt(shown: str, issued: SdJwt, binds: bool) -> Iterator[tuple[str, str]]:
    """The presentation, spoilt in each way that a verifier must find."""
    token, *rest = shown.split("~")
    head, payload, signature = token.split(".")
    none = to_base64url(b'{"alg":"none"}')
    tail = "~".join(rest)
    yield "signature cut", f"{head}.{payload}.{signature[:-4]}~{tail}"
    yield "signature of another", f"{head}.{payload}.{signature[4:]}{signature[:4]}~{tail}"
    yield "no algorithm", f"{none}.{payload}.~{tail}"
    yield "payload changed", f"{head}.{to_base64url(b'{}')}.{signature}~{tail}"
    extra = to_base64url(b'["salt","extra",1]')
    yield "foreign disclosure", f"{token}~{extra}~{tail}"
    yield "disclosure that is none", f"{token}~{to_base64url(b'[1]')}~{tail}"
    yield "empty disclosure", f"{token}~~{tail}"
    yield "no tilde", token
    disclosures = rest[:-1]
    if disclosures:
        yield "disclosure twice", f"{token}~{disclosures[0]}~{tail}"
        changed = to_base64url(from_base64url(disclosures[0]).replace(b"[", b"[ ", 1))
        yield "disclosure respelt", "~".join((token, changed, *disclosures[1:], rest[-1]))
    if binds:
        yield "binding taken off", shown.rpartition("~")[0] + "~"
        others = [each for each in issued.disclosures if each not in disclosures]
        if others:
            yield "more than was bound", "~".join((token, *disclosures, others[0], rest[-1]))
        if disclosures:
            yield "less than was bound", "~".join((token, *disclosures[1:], rest[-1]))
    elif rest[-1] == "":
        yield "binding by nobody", shown + token
