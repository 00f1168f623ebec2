"""The data model of W3C Verifiable Credentials 2.0: what a credential or presentation must be.

Contexts are values here: the base context and what is passed in as known. A context at an unknown
address cannot be processed and is refused, since nothing is fetched: whoever trusts one says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .encodings import from_base64url, from_multibase
from .faults import refused
from .integrity import moment

BASE = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
_TYPES = frozenset(
    [
        "VerifiableCredential",
        "EnvelopedVerifiableCredential",
        "VerifiablePresentation",
        "EnvelopedVerifiablePresentation",
        "JsonSchemaCredential",
        "JsonSchema",
        "BitstringStatusListCredential",
        "BitstringStatusList",
        "BitstringStatusListEntry",
        "DataIntegrityProof",
    ]
)
_TERMS = _TYPES | frozenset(
    [
        "id",
        "type",
        "description",
        "digestMultibase",
        "digestSRI",
        "mediaType",
        "name",
        "credentialSchema",
        "credentialStatus",
        "credentialSubject",
        "evidence",
        "issuer",
        "proof",
        "refreshService",
        "relatedResource",
        "renderMethod",
        "confidenceMethod",
        "termsOfUse",
        "validFrom",
        "validUntil",
        "holder",
        "verifiableCredential",
        "statusPurpose",
        "statusListIndex",
        "statusListCredential",
        "statusMessage",
        "statusReference",
        "statusSize",
        "encodedList",
        "ttl",
        "challenge",
        "created",
        "cryptosuite",
        "domain",
        "expires",
        "nonce",
        "previousProof",
        "proofPurpose",
        "proofValue",
        "verificationMethod",
        "assertionMethod",
        "authentication",
        "capabilityDelegation",
        "capabilityInvocation",
        "keyAgreement",
        "jsonSchema",
    ]
)
"""What the base context defines and protects (VC 2.0, appendix B.1)."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TERM = re.compile(r"[^\s:/#?@][^\s:/#?]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+(\s*;.*)?", re.ASCII)
_DATA_URL = re.compile(r"data:[^,]*,.+", re.DOTALL)
_KEYWORDS = frozenset(
    [
        "@base",
        "@container",
        "@direction",
        "@id",
        "@import",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@prefix",
        "@propagate",
        "@protected",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@version",
        "@vocab",
    ]
)
# What each may hold: the objects of these properties need a type; some need an id as well.
_TYPED = ("credentialStatus", "termsOfUse", "evidence", "refreshService", "credentialSchema")
_RESERVED = ("confidenceMethod", "renderMethod")
_WITH_ID = ("credentialSchema",)


@dataclass(frozen=True, slots=True)
class Known:
    """What a checker has at hand: contexts by address, and contents of related resources.

    A context's value is its JSON; None stands for one that gives every word a meaning (@vocab).
    """

    contexts: Mapping[str, object] = field(default_factory=lambda: {EXAMPLES: None})
    resources: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class _Words:
    """The words that the contexts give a meaning, and what is protected."""

    types: dict[str, str] = field(default_factory=dict)
    protected: dict[str, object] = field(default_factory=dict)
    any_word: bool = False


def check_credential(value: object, known: Known | None = None, *, issued: bool = True) -> None:
    """Whether a value is a verifiable credential, signed or not (VC 2.0, section 4).

    `issued` False lets `issuer` be absent: what is handed to an issuer to be signed has none yet.
    Raises Refused with the first reason, `credential.E050` to `E059`.
    """
    known = known or Known()
    if not isinstance(value, dict):
        raise refused("E060")
    if "EnvelopedVerifiableCredential" in _names(value.get("type")):
        return _check_envelope(value, "EnvelopedVerifiableCredential")
    words = _check_contexts(value.get("@context"), known)
    _check_types(value.get("type"), words, "type", "VerifiableCredential")
    _check_id(value, "id")
    _check_texts(value, "")
    if issued or "issuer" in value:
        _check_issuer(value.get("issuer"))
    _check_subjects(value.get("credentialSubject"), words)
    _check_validity(value)
    for name in (*_TYPED, *_RESERVED):
        if name in value:
            for at, each in _each(value[name], name):
                _check_typed(each, words, at, name in _WITH_ID)
    _check_related(value, known)
    _check_proofs(value, words)
    return None


def check_presentation(value: object, known: Known | None = None) -> None:
    """Whether a value is a verifiable presentation with good contents (section 4.13).

    Raises Refused as `check_credential`, and `credential.E060`.
    """
    known = known or Known()
    if not isinstance(value, dict):
        raise refused("E060")
    if "EnvelopedVerifiablePresentation" in _names(value.get("type")):
        return _check_envelope(value, "EnvelopedVerifiablePresentation")
    words = _check_contexts(value.get("@context"), known)
    _check_types(value.get("type"), words, "type", "VerifiablePresentation")
    _check_id(value, "id")
    _check_texts(value, "")
    holder = None
    if "holder" in value:
        holder = _identifier(value["holder"], "holder", "E060")
    if "termsOfUse" in value:
        for at, each in _each(value["termsOfUse"], "termsOfUse"):
            _check_typed(each, words, at, False)
    if "verifiableCredential" in value:
        for at, each in _each(value["verifiableCredential"], "verifiableCredential"):
            if not isinstance(each, dict):
                raise refused("E060", at)
            check_credential(each, known)
            _check_self_asserted(each, value, holder, at)
    _check_proofs(value, words)
    return None


def _check_self_asserted(
    credential: Mapping[str, object], shown: Mapping[str, object], holder: str | None, at: str
) -> None:
    """One without a proof of its own is secured by the presentation: its issuer is the holder.

    Where the presentation is not signed yet, that is asked of issuers only that are keys
    themselves (did:key), whose credentials nobody else could have signed (section 4.13.4).
    """
    if "proof" in credential or "EnvelopedVerifiableCredential" in _names(credential.get("type")):
        return
    issuer = credential["issuer"]
    named = issuer["id"] if isinstance(issuer, dict) else issuer
    if "proof" not in shown and not str(named).startswith("did:key:"):
        return
    if holder is None:
        raise refused("E060", "holder")
    if named != holder:
        raise refused("E060", f"{at}.issuer")


def _check_envelope(value: Mapping[str, object], kind: str) -> None:
    contexts = value.get("@context")
    if BASE not in (contexts if isinstance(contexts, list) else [contexts]):
        raise refused("E050")
    if value.get("type") not in (kind, [kind]):
        raise refused("E051")
    if not isinstance(value.get("id"), str) or not _DATA_URL.fullmatch(str(value["id"])):
        raise refused("E054", "id")


# Contexts and types -----------------------------------------------------------------------------


def _check_contexts(value: object, known: Known) -> _Words:
    if not isinstance(value, list) or not value or value[0] != BASE:
        # A lone string is an ordered set of one in JSON-LD, but a JSON reader expects the array.
        if value != BASE:
            raise refused("E050")
        value = [value]
    words = _Words(dict.fromkeys(_TYPES, BASE), dict.fromkeys(_TERMS, BASE))
    for position, context in enumerate(value[1:], start=1):
        at = f"@context[{position}]"
        if isinstance(context, str):
            if context == BASE:
                continue
            if not is_url(context) or context not in known.contexts:
                raise refused("E050", at)
            context = known.contexts[context]
            if context is None:
                words.any_word = True
                continue
        if not isinstance(context, dict):
            raise refused("E050", at)
        _read_context(context.get("@context", context), words, at)
    return words


def _read_context(context: object, words: _Words, at: str) -> None:
    if not isinstance(context, dict):
        raise refused("E050", at)
    if "@vocab" in context:
        vocabulary = context["@vocab"]
        if vocabulary is not None and not isinstance(vocabulary, str):
            raise refused("E050", f"{at}.@vocab")
        words.any_word = bool(vocabulary)
    protects = context.get("@protected", False)
    if not isinstance(protects, bool):
        raise refused("E050", f"{at}.@protected")
    for term, meaning in context.items():
        if term.startswith("@"):
            if term not in _KEYWORDS:
                raise refused("E050", f"{at}.{term}")
            continue
        _read_term(term, meaning, words, protects, f"{at}.{term}")


def _read_term(term: str, meaning: object, words: _Words, protects: bool, at: str) -> None:
    if not isinstance(meaning, str | dict | None):
        raise refused("E050", at)
    if term in words.protected and words.protected[term] != meaning:
        raise refused("E058", at)
    target = meaning.get("@id", term) if isinstance(meaning, dict) else meaning
    if isinstance(target, str):
        words.types[term] = target
        if protects or (isinstance(meaning, dict) and meaning.get("@protected") is True):
            words.protected[term] = meaning
    elif target is not None:
        raise refused("E050", at)


def _check_types(value: object, words: _Words, at: str, must: str | None = None) -> None:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names:
        raise refused("E051", at)
    for name in names:
        if not isinstance(name, str) or not _is_type(name, words, set()):
            raise refused("E051", at)
    if must is not None and must not in names:
        raise refused("E051", at)


def _is_type(name: str, words: _Words, seen: set[str]) -> bool:
    """Whether a name is an absolute URL, or a term that the contexts turn into one."""
    if name in seen:
        return False
    target = words.types.get(name)
    if target is not None:
        if is_url(target):
            return True
        return _is_type(target, words, seen | {name}) if target != name else words.any_word
    prefix, colon, rest = name.partition(":")
    if colon and prefix in words.types and not rest.startswith("//"):
        return is_url(words.types[prefix] + rest)
    return is_url(name) or (words.any_word and bool(_TERM.fullmatch(name)))


def _names(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


# Parts ------------------------------------------------------------------------------------------


def is_url(text: object) -> bool:
    """Whether a value is one absolute URL (WHATWG, as far as its shape says)."""
    if not isinstance(text, str) or not _URL.fullmatch(text):
        return False
    scheme, _, rest = text.partition(":")
    if scheme.lower() in ("http", "https"):
        return bool(re.match(r"//[^/?#]+", rest))
    if scheme.lower() == "did":
        return bool(re.fullmatch(r"[a-z0-9]+:[A-Za-z0-9._%:-]*[A-Za-z0-9._%-]([/?#].*)?", rest))
    return True


def _check_id(value: Mapping[str, object], at: str) -> None:
    if "id" in value and not is_url(value["id"]):
        raise refused("E054", at)
    if "@id" in value and ("id" in value or not is_url(value["@id"])):
        raise refused("E054", at)


def _identifier(value: object, at: str, number: str) -> str:
    """The URL of an issuer or holder, or of the object that names it."""
    named = value.get("id") if isinstance(value, dict) else value
    if not is_url(named):
        raise refused(number, at)
    return str(named)


def _check_issuer(value: object) -> None:
    _identifier(value, "issuer", "E052")
    if isinstance(value, dict):
        _check_texts(value, "issuer.")


def _check_subjects(value: object, words: _Words) -> None:
    for at, each in _each(value, "credentialSubject", "E053"):
        if not isinstance(each, dict) or not each:
            raise refused("E053", at)
        _check_id(each, f"{at}.id")
        if "type" in each:
            _check_types(each["type"], words, f"{at}.type")
        _check_values(each, at)


def _check_validity(value: Mapping[str, object]) -> None:
    begins, ends = (
        moment(value[name], name) if name in value else None for name in ("validFrom", "validUntil")
    )
    if begins is not None and ends is not None and begins > ends:
        raise refused("E055", "validUntil")


def _each(value: object, at: str, number: str = "E056") -> Iterator[tuple[str, object]]:
    if value is None or value == []:
        raise refused(number, at)
    if isinstance(value, list):
        yield from ((f"{at}[{position}]", each) for position, each in enumerate(value))
    else:
        yield at, value


def _check_typed(value: object, words: _Words, at: str, needs_id: bool) -> None:
    if not isinstance(value, dict) or "type" not in value:
        raise refused("E056", at)
    _check_types(value["type"], words, f"{at}.type")
    if needs_id and "id" not in value:
        raise refused("E054", f"{at}.id")
    _check_id(value, f"{at}.id")
    _check_texts(value, f"{at}.")


def _check_texts(value: Mapping[str, object], at: str) -> None:
    for name in ("name", "description"):
        if name in value:
            for each in _names(value[name]) or [None]:
                _check_text(each, f"{at}{name}")


def _check_text(value: object, at: str) -> None:
    """A string, or a language value object with nothing else in it (section 11.1)."""
    if isinstance(value, str):
        return
    if not isinstance(value, dict) or not isinstance(value.get("@value"), str):
        raise refused("E057", at)
    if not value.keys() <= {"@value", "@language", "@direction"}:
        raise refused("E057", at)
    language, direction = value.get("@language", "en"), value.get("@direction", "ltr")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise refused("E057", at)
    if direction not in ("ltr", "rtl"):
        raise refused("E057", at)


def _check_values(value: object, at: str) -> None:
    """Value objects anywhere among the claims, which JSON-LD restricts."""
    if isinstance(value, dict):
        if "@value" in value and not value.keys() <= {
            *("@value", "@language", "@direction", "@type", "@index")
        }:
            raise refused("E057", at)
        for name, inner in value.items():
            _check_values(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            _check_values(inner, at)


def _check_related(value: Mapping[str, object], known: Known) -> None:
    if "relatedResource" not in value:
        return
    seen: set[object] = set()
    for at, each in _each(value["relatedResource"], "relatedResource", "E059"):
        if not isinstance(each, dict):
            raise refused("E059", at)
        address = each.get("id")
        if not is_url(address) or address in seen:
            raise refused("E059", f"{at}.id")
        seen.add(address)
        if "mediaType" in each and not _is_media_type(each["mediaType"]):
            raise refused("E059", f"{at}.mediaType")
        if not {"digestSRI", "digestMultibase"} & each.keys():
            raise refused("E059", at)
        content = known.resources.get(str(address))
        # What is not at hand cannot be compared: the credential is not believed.
        if content is None or not _fits(each, content):
            raise refused("E059", at)


def _is_media_type(value: object) -> bool:
    return isinstance(value, str) and _MEDIA_TYPE.fullmatch(value) is not None


def _fits(resource: Mapping[str, object], content: bytes) -> bool:
    digests = []
    if "digestSRI" in resource:
        name, _, text = str(resource["digestSRI"]).partition("-")
        if name not in ("sha256", "sha384", "sha512"):
            return False
        spelt = text.replace("+", "-").replace("/", "_").rstrip("=")
        digests.append((name, from_base64url(spelt)))
    if "digestMultibase" in resource:
        data = from_multibase(str(resource["digestMultibase"]))
        name = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}.get(
            data[:2], ""
        )
        if not name:
            return False
        digests.append((name, data[2:]))
    return all(hashlib.new(name, content).digest() == given for name, given in digests)


def _check_proofs(value: Mapping[str, object], words: _Words) -> None:
    """A proof is an object with a type and a purpose; its signature is checked elsewhere."""
    if "proof" not in value:
        return
    for at, each in _each(value["proof"], "proof", "E040"):
        if not isinstance(each, dict) or "type" not in each:
            raise refused("E040", at)
        _check_types(each["type"], words, f"{at}.type")
