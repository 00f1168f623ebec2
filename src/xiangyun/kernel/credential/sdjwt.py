"""Selective Disclosure for JWTs (RFC 9901), with key binding; and what SD-JWT VC asks besides.

Claims are JSON values in which `Hidden` marks what the holder may keep closed, at any depth: a
member of an object or an element of an array. Salts are passed in: chance is not ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Protocol

from .encodings import from_base64url, read_json, to_base64url, to_json
from .faults import refused
from .jws import Check, Jwk, Jws, Sign, check, joined, spelled, take_apart

DIGESTS, ELEMENT, HASH = "_sd", "...", "_sd_alg"
_HASHES = {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
_KB_TYPE = "kb+jwt"
_DEEPEST = 32
"""Deeper than this no claims are followed; a chain of disclosures could be endless work."""


class Hash(Protocol):
    """What a hash function gives."""

    def digest(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Hidden:
    """A claim or element that is disclosed only when its holder says so."""

    value: object


@dataclass(frozen=True, slots=True)
class SdJwt:
    """A credential or presentation taken apart: the issuer's token, disclosures, key binding.

    `token` is None where a JSON serialization has no compact form of its own.
    """

    jws: Jws
    issued: str
    disclosures: tuple[str, ...] = ()
    binding: str | None = None
    others: tuple[Jws, ...] = ()
    """further signatures over the same payload (general JSON serialization)"""

    @property
    def compact(self) -> str:
        """The compact form, with a tilde after each part and before the key binding."""
        return presentation_of(self.issued, self.disclosures) + (self.binding or "")


# Issuing ----------------------------------------------------------------------------------------


def conceal(
    claims: Mapping[str, object], salts: Iterator[str], decoys: int = 0
) -> tuple[dict[str, object], list[str]]:
    """The payload with digests in the place of what is hidden, and the disclosures.

    `salts` gives at least 128 bits of chance each, one for every hidden value and decoy; digests
    are sorted, so that their order says nothing. `decoys`: digests of nothing, in each object that
    hides something (RFC 9901 section 4.2.5).
    """
    disclosures: list[str] = []
    payload = _concealed(claims, salts, decoys, disclosures)
    if not isinstance(payload, dict):
        raise TypeError("claims are an object")
    return payload | {HASH: "sha-256"}, disclosures


_PLAIN = (str, int, float, bool, type(None))
"""Most claims: told apart by their type, which is quicker than to ask what they are not."""


def _concealed(value: object, salts: Iterator[str], decoys: int, made: list[str]) -> object:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        result: dict[str, object] = {}
        digests = []
        for name, inner in value.items():
            if isinstance(inner, Hidden):
                shown = inner.value
                if type(shown) not in _PLAIN:
                    shown = _concealed(shown, salts, decoys, made)
                digests.append(_disclosed([next(salts), name, shown], made))
            else:
                result[name] = _concealed(inner, salts, decoys, made)
        if digests:
            digests += [digest_of(next(salts)) for _ in range(decoys)]
            result[DIGESTS] = sorted(digests)
        return result
    if isinstance(value, list | tuple):
        elements: list[object] = []
        for inner in value:
            if isinstance(inner, Hidden):
                shown = _concealed(inner.value, salts, decoys, made)
                elements.append({ELEMENT: _disclosed([next(salts), shown], made)})
            else:
                elements.append(_concealed(inner, salts, decoys, made))
        return elements
    return value


def _disclosed(parts: list[object], made: list[str]) -> str:
    said = ",".join(
        [encode_basestring(each) if type(each) is str else to_json(each) for each in parts]
    )
    disclosure = to_base64url(f"[{said}]".encode())
    made.append(disclosure)
    return digest_of(disclosure)


def digest_of(text: str, algorithm: Callable[[bytes], Hash] = hashlib.sha256) -> str:
    """The digest of a disclosure, as it stands in the payload."""
    return to_base64url(algorithm(text.encode("ascii")).digest())


def issued(
    claims: Mapping[str, object],
    salts: Iterator[str],
    header: Mapping[str, object],
    sign: Sign,
    decoys: int = 0,
) -> str:
    """A credential in the compact form, all of it disclosed: what its holder keeps."""
    payload, disclosures = conceal(claims, salts, decoys)
    return presentation_of(spelled(header, payload, sign), disclosures)


def presentation_of(token: str, disclosures: Sequence[str]) -> str:
    """The token and the disclosures chosen, without a key binding."""
    return "~".join((token, *disclosures, ""))


def bound(presented: str, *, audience: str, nonce: str, at: int, algorithm: str, sign: Sign) -> str:
    """A presentation bound to one verifier and one moment by the holder's key (section 4.3)."""
    claims = {"iat": at, "aud": audience, "nonce": nonce, "sd_hash": digest_of(presented)}
    return presented + spelled({"alg": algorithm, "typ": _KB_TYPE}, claims, sign)


def chosen(credential: SdJwt, wanted: Callable[[tuple[str | int, ...]], bool]) -> list[str]:
    """The disclosures of a credential whose place is wanted, with those they stand in.

    A place is the path of names and positions, such as `("address", "street")`.
    """
    opened = _opened(credential)
    kept: list[str] = []
    for path, disclosure, above in opened.found:
        if wanted(path):
            kept += [each for each in (*above, disclosure) if each not in kept]
    return [each for each in credential.disclosures if each in kept]


# Reading ----------------------------------------------------------------------------------------


def read(text: str) -> SdJwt:
    """A credential or presentation, compact or in a JSON serialization (section 8).

    Raises Refused `credential.E001` and those of `jws`; nothing else is checked yet.
    """
    if text.lstrip()[:1] == "{":
        return _read_object(read_json(text))
    token, *disclosures = text.split("~")
    if not disclosures:
        raise refused("E001")
    binding = disclosures.pop()
    if not all(disclosures):
        raise refused("E010")
    return SdJwt(take_apart(token), token, tuple(disclosures), binding or None)


def _read_object(value: object) -> SdJwt:
    if not isinstance(value, dict) or not isinstance(value.get("payload"), str):
        raise refused("E001")
    signatures = value.get("signatures", [value])
    if (
        not isinstance(signatures, list)
        or not signatures
        or ("signatures" in value) == ("signature" in value)
    ):
        raise refused("E001")
    found: list[Jws] = []
    for each in signatures:
        if not (
            isinstance(each, dict)
            and isinstance(each.get("protected"), str)
            and isinstance(each.get("signature"), str)
        ):
            raise refused("E001")
        found.append(joined(each["protected"], value["payload"], each["signature"]))
    first = signatures[0]
    header = first.get("header", {})
    if not isinstance(header, dict):
        raise refused("E001")
    # Disclosures and key binding stand beside the first signature only.
    if any({"disclosures", "kb_jwt"} & _keys(each.get("header")) for each in signatures[1:]):
        raise refused("E001")
    disclosures = header.get("disclosures", [])
    binding = header.get("kb_jwt")
    if not (
        isinstance(disclosures, list)
        and all(isinstance(each, str) for each in disclosures)
        and isinstance(binding, str | None)
    ):
        raise refused("E001")
    token = f"{first['protected']}.{value['payload']}.{first['signature']}"
    return SdJwt(found[0], token, tuple(disclosures), binding, tuple(found[1:]))


def _keys(value: object) -> set[str]:
    return set(value) if isinstance(value, dict) else set()


# Checking ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Binding:
    """What a verifier asks of the key binding: for whom, which nonce, and the span of `iat`."""

    audience: str
    nonce: str
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Term:
    """The moment at which a credential must be valid, in seconds of Unix, with some slack."""

    at: int
    slack: int = 0


def verified(
    credential: SdJwt,
    keys: Mapping[str | None, Jwk] | Sequence[Jwk],
    by: Check,
    *,
    term: Term | None,
    binding: Binding | None = None,
) -> dict[str, object]:
    """The claims as disclosed, all checked (section 7).

    `keys` are those that may have signed: any of them must fit, or the one named by `kid` of the
    header where they come by their ids. `term` None leaves dates unchecked. `binding` says what a
    key binding must hold; None demands none, and one that is there is still checked for its key
    and what it covers.

    Raises Refused with the first reason: `credential.E003`, `E006`, `E007` the issuer's signature,
    `E010` to `E015` the disclosures, `E016` to `E021` the key binding, `E022` and `E023` the term.
    """
    _check_issuer(credential, keys, by)
    claims = disclosed(credential)
    if term is not None:
        check_term(claims, term)
    _check_binding(credential, by, binding)
    return claims


def _check_issuer(
    credential: SdJwt, keys: Mapping[str | None, Jwk] | Sequence[Jwk], by: Check
) -> None:
    for jws in (credential.jws, *credential.others):
        if isinstance(keys, Mapping):
            key = keys.get(str(jws.header["kid"]) if "kid" in jws.header else None)
            candidates: Sequence[Jwk] = [key] if key is not None else []
        else:
            named = [key for key in keys if "kid" in key and key["kid"] == jws.header.get("kid")]
            candidates = named or keys
        if not candidates:
            raise refused("E007")
        for position, key in enumerate(candidates):
            try:
                check(jws, key, by)
                break
            except Exception:
                if position == len(candidates) - 1:
                    raise


def disclosed(credential: SdJwt) -> dict[str, object]:
    """The claims with every disclosure in its place; nothing of signatures is checked.

    Raises Refused `credential.E010` to `E015`.
    """
    return _opened(credential).claims


@dataclass(slots=True)
class _Opened:
    """The claims, and each disclosure with its path and those that lie above it."""

    by_digest: dict[str, tuple[str, list[object]]]
    claims: dict[str, object] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    found: list[tuple[tuple[str | int, ...], str, tuple[str, ...]]] = field(default_factory=list)


def _opened(credential: SdJwt) -> _Opened:
    payload = credential.jws.payload
    named = payload.get(HASH, "sha-256")
    if named not in _HASHES:
        raise refused("E014", named)
    algorithm = _HASHES[str(named)]
    opened = _Opened({})
    for disclosure in credential.disclosures:
        digest = digest_of(disclosure, algorithm) if disclosure.isascii() else ""
        parts = read_json(from_base64url(disclosure))
        if not _is_disclosure(parts):
            raise refused("E010")
        if digest in opened.by_digest:
            raise refused("E012")
        opened.by_digest[digest] = (disclosure, parts)  # type: ignore[assignment]
    top = {name: value for name, value in payload.items() if name != HASH}
    opened.claims = _object(top, opened, (), (), 0)
    if len(opened.used) != len(opened.by_digest):
        raise refused("E011")
    return opened


def _is_disclosure(parts: object) -> bool:
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
        return False
    return len(parts) == 2 or isinstance(parts[1], str)


def _object(
    value: Mapping[str, object],
    opened: _Opened,
    path: tuple[str | int, ...],
    above: tuple[str, ...],
    depth: int,
) -> dict[str, object]:
    if depth > _DEEPEST:
        raise refused("E015")
    if ELEMENT in value or (depth and HASH in value):
        raise refused("E015", ".".join(map(str, path)))
    result = {
        name: _opened_value(inner, opened, (*path, name), above, depth + 1)
        for name, inner in value.items()
        if name != DIGESTS
    }
    digests = value.get(DIGESTS, [])
    if not isinstance(digests, list):
        raise refused("E015", DIGESTS)
    for digest in digests:
        if found := _take(digest, opened, 3):
            disclosure, parts = found
            name = str(parts[1])
            if name in (DIGESTS, ELEMENT) or name in result:
                raise refused("E013", name)
            place = (*path, name)
            opened.found.append((place, disclosure, above))
            result[name] = _opened_value(parts[2], opened, place, (*above, disclosure), depth + 1)
    return result


def _opened_value(
    value: object,
    opened: _Opened,
    path: tuple[str | int, ...],
    above: tuple[str, ...],
    depth: int,
) -> object:
    if isinstance(value, dict):
        return _object(value, opened, path, above, depth)
    if not isinstance(value, list):
        return value
    elements = []
    for position, inner in enumerate(value):
        place = (*path, position)
        if isinstance(inner, dict) and ELEMENT in inner:
            if len(inner) != 1:
                raise refused("E015", ELEMENT)
            if found := _take(inner[ELEMENT], opened, 2):
                disclosure, parts = found
                opened.found.append((place, disclosure, above))
                elements.append(
                    _opened_value(parts[1], opened, place, (*above, disclosure), depth + 1)
                )
        else:
            elements.append(_opened_value(inner, opened, place, above, depth + 1))
    return elements


def _take(digest: object, opened: _Opened, size: int) -> tuple[str, list[object]] | None:
    """The disclosure with this digest, None where it is kept closed or is a decoy."""
    if not isinstance(digest, str):
        raise refused("E015")
    if digest in opened.seen:
        raise refused("E012")
    opened.seen.add(digest)
    found = opened.by_digest.get(digest)
    if found is None:
        return None
    if len(found[1]) != size:
        raise refused("E010")
    opened.used.add(digest)
    return found


def check_term(claims: Mapping[str, object], term: Term) -> None:
    """Raises Refused `credential.E022` too early, `E023` too late, `E024` for no number.

    The second of `exp` itself is too late (RFC 7519 section 4.1.4).
    """
    for name in ("nbf", "iat", "exp"):
        if name in claims and not is_number(claims[name]):
            raise refused("E024", name)
    begins = max(_number(claims.get("nbf", term.at)), _number(claims.get("iat", term.at)))
    if begins > term.at + term.slack:
        raise refused("E022")
    if "exp" in claims and _number(claims["exp"]) <= term.at - term.slack:
        raise refused("E023")


def is_number(value: object) -> bool:
    """Whether it is a NumericDate (RFC 7519); true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> float:
    return float(value)  # type: ignore[arg-type]


def _check_binding(credential: SdJwt, by: Check, wanted: Binding | None) -> None:
    if credential.binding is None:
        if wanted is not None:
            raise refused("E016")
        return
    key = _holder_key(credential.jws.payload)
    jws = take_apart(credential.binding)
    if jws.header.get("typ") != _KB_TYPE:
        raise refused("E004", jws.header.get("typ"))
    try:
        check(jws, key, by)
    except Exception:
        raise refused("E017") from None
    claims = jws.payload
    presented = presentation_of(credential.issued, credential.disclosures)
    named = str(credential.jws.payload.get(HASH, "sha-256"))
    if claims.get("sd_hash") != digest_of(presented, _HASHES[named]):
        raise refused("E020")
    for name, kind in (("aud", str), ("nonce", str), ("sd_hash", str)):
        if not isinstance(claims.get(name), kind):
            raise refused("E024", name)
    if not is_number(claims.get("iat")):
        raise refused("E024", "iat")
    if wanted is None:
        return
    if claims["aud"] != wanted.audience:
        raise refused("E018")
    if claims["nonce"] != wanted.nonce:
        raise refused("E019")
    if not wanted.earliest <= _number(claims["iat"]) <= wanted.latest:
        raise refused("E021")
    if is_number(claims.get("exp")) and _number(claims["exp"]) <= wanted.earliest:
        raise refused("E021")


def _holder_key(payload: Mapping[str, object]) -> Jwk:
    confirmation = payload.get("cnf")
    key = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not isinstance(key, dict) or {"d", "k"} & key.keys():
        raise refused("E017")
    return key


# SD-JWT VC --------------------------------------------------------------------------------------

VC_TYPES = ("dc+sd-jwt", "vc+sd-jwt")
"""`typ` of a credential; the second is of drafts before November 2024, accepted in a transition."""

OPEN_CLAIMS = ("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status")
"""What must not be selectively disclosable (draft-ietf-oauth-sd-jwt-vc, section 3.2.2.2)."""


def check_vc(credential: SdJwt, claims: Mapping[str, object]) -> None:
    """What an SD-JWT VC must be besides; `claims` are the disclosed ones.

    Raises Refused `credential.E004` another type, `E024` no `vct`, `E025` a claim is hidden that
    must be open.
    """
    if credential.jws.header.get("typ") not in VC_TYPES:
        raise refused("E004", credential.jws.header.get("typ"))
    payload = credential.jws.payload
    for name in OPEN_CLAIMS:
        if name in claims and name not in payload:
            raise refused("E025", name)
    for name in ("vct", "iss"):
        if name in payload and not isinstance(payload[name], str):
            raise refused("E024", name)
    if not payload.get("vct"):
        raise refused("E024", "vct")
    if "cnf" in payload:
        _holder_key(payload)


def all_of(paths: Iterable[tuple[str | int, ...]]) -> Callable[[tuple[str | int, ...]], bool]:
    """For `chosen`: what lies at one of these paths, or below."""
    wanted = list(paths)
    return lambda path: any(path[: len(each)] == each for each in wanted)
