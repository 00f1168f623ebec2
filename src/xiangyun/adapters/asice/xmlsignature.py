"""The XAdES signature of a container: structure, digests, the value by the certificate's key."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from .container import SIGNATURES, parse
from .faults import refused

DS, XADES = "{http://www.w3.org/2000/09/xmldsig#}", "{http://uri.etsi.org/01903/v1.3.2#}"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_C14N = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": (False, False),
    "http://www.w3.org/2006/12/xml-c14n11": (False, False),
    "http://www.w3.org/2001/10/xml-exc-c14n#": (True, False),
}
_SIGNATURES = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": ("rsa", "sha256"),
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": ("rsa", "sha384"),
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": ("rsa", "sha512"),
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256": ("ec", "sha256"),
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384": ("ec", "sha384"),
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512": ("ec", "sha512"),
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1": ("pss", "sha256"),
    "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1": ("pss", "sha384"),
    "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1": ("pss", "sha512"),
}
HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds: by whom, when, and over which files (names without a leading `/`)."""

    certificate: x509.Certificate
    at: datetime
    files: frozenset[str]
    signature: etree._Element


def verify(files: Mapping[str, bytes]) -> Signed:
    """The one signature of a container. Raises Refused with the reason."""
    root = parse(SIGNATURES, files[SIGNATURES])
    found = list(root.iter(f"{DS}Signature"))
    if len(found) != 1:
        raise refused("asice.E003", f"ds:Signature × {len(found)}")
    signature = found[0]
    info, value = _one(signature, f"{DS}SignedInfo"), _one(signature, f"{DS}SignatureValue")
    certificate = _certificate(signature)
    covered = _references(info, signature, root, files)
    method = _attribute(_one(info, f"{DS}SignatureMethod"))
    canonical = canonicalized(info, _attribute(_one(info, f"{DS}CanonicalizationMethod")))
    _check_value(certificate, method, decoded(value), canonical)
    return Signed(certificate, _properties(signature, certificate), covered, signature)


def _one(parent: etree._Element, tag: str) -> etree._Element:
    found = parent.findall(tag)
    if len(found) != 1:
        raise refused("asice.E003", f"{etree.QName(tag).localname} × {len(found)}")
    return found[0]


def _attribute(element: etree._Element) -> str:
    return str(element.get("Algorithm", ""))


def decoded(element: etree._Element) -> bytes:
    """The base64 of an element. Raises Refused."""
    try:
        text = "".join((element.text or "").split())
        found = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise refused("asice.E003", etree.QName(element).localname) from None
    if not found:
        raise refused("asice.E003", etree.QName(element).localname)
    return found


def canonicalized(element: etree._Element, algorithm: str) -> bytes:
    """The canonical form of an element (C14N 1.0, exclusive C14N)."""
    if algorithm not in _C14N:
        raise refused("asice.E003", algorithm or "c14n")
    exclusive, comments = _C14N[algorithm]
    made: bytes = etree.tostring(
        element, method="c14n", exclusive=exclusive, with_comments=comments
    )
    return made


def digest(algorithm: str, content: bytes, id: str = "asice.E003") -> bytes:
    """The digest by a method of XML; weak methods are none."""
    if algorithm not in _DIGESTS:
        raise refused(id, algorithm or "DigestMethod")
    return hashlib.new(_DIGESTS[algorithm], content).digest()


def _certificate(signature: etree._Element) -> x509.Certificate:
    path = f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate"
    found = signature.findall(path)
    if len(found) != 1:
        raise refused("asice.E006", f"X509Certificate × {len(found)}")
    try:
        return x509.load_der_x509_certificate(decoded(found[0]))
    except ValueError:
        raise refused("asice.E006", "X.509") from None


def _references(
    info: etree._Element,
    signature: etree._Element,
    root: etree._Element,
    files: Mapping[str, bytes],
) -> frozenset[str]:
    """Every reference holds; the files that are signed."""
    covered, properties = set(), 0
    for reference in info.findall(f"{DS}Reference"):
        uri = str(reference.get("URI", ""))
        algorithm = _attribute(_one(reference, f"{DS}DigestMethod"))
        if uri.startswith("#"):
            target = [each for each in root.iter() if each.get("Id") == uri[1:]]
            if len(target) != 1 or signature not in target[0].iterancestors():
                raise refused("asice.E003", uri)
            if reference.get("Type") == SIGNED_PROPERTIES:
                properties += target[0].tag == f"{XADES}SignedProperties"
            content = canonicalized(target[0], _transform(reference))
        else:
            name = uri.removeprefix("/")
            if name not in files:
                raise refused("asice.E003", uri)
            if reference.find(f"{DS}Transforms") is not None:
                raise refused("asice.E003", f"{uri}: Transforms")
            content = files[name]
            covered.add(name)
        if digest(algorithm, content) != decoded(_one(reference, f"{DS}DigestValue")):
            raise refused("asice.E005", uri)
    if properties != 1:
        raise refused("asice.E003", "SignedProperties")
    return frozenset(covered)


def _transform(reference: etree._Element) -> str:
    found = [_attribute(each) for each in reference.iter(f"{DS}Transform")]
    if len(found) > 1:
        raise refused("asice.E003", "Transforms")
    return found[0] if found else "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


def _check_value(certificate: x509.Certificate, method: str, value: bytes, signed: bytes) -> None:
    kind, name = _SIGNATURES.get(method, ("", ""))
    if not kind:
        raise refused("asice.E003", method or "SignatureMethod")
    chosen = HASHES[name]
    try:
        key = certificate.public_key()
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), chosen)
        elif kind == "pss" and isinstance(key, rsa.RSAPublicKey):
            mask = padding.PSS(padding.MGF1(chosen), chosen.digest_size)
            key.verify(value, signed, mask, chosen)
        elif kind == "ec" and isinstance(key, ec.EllipticCurvePublicKey):
            half = len(value) // 2
            numbers = (int.from_bytes(part) for part in (value[:half], value[half:]))
            key.verify(utils.encode_dss_signature(*numbers), signed, ec.ECDSA(chosen))
        else:
            raise refused("asice.E006", method)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        raise refused("asice.E004", "SignatureValue") from None


def _properties(signature: etree._Element, certificate: x509.Certificate) -> datetime:
    """The signed properties name this certificate; the moment they say."""
    base = f"{DS}Object/{XADES}QualifyingProperties/{XADES}SignedProperties"
    signed = signature.findall(f"{base}/{XADES}SignedSignatureProperties")
    if len(signed) != 1:
        raise refused("asice.E003", "SignedSignatureProperties")
    qualifying = signature.find(f"{DS}Object/{XADES}QualifyingProperties")
    if qualifying is None or qualifying.get("Target", "")[1:] != signature.get("Id"):
        raise refused("asice.E003", "Target")
    named = list(signed[0].iter(f"{XADES}CertDigest"))
    if len(named) != 1:
        raise refused("asice.E006", "SigningCertificate")
    algorithm = _attribute(_one(named[0], f"{DS}DigestMethod"))
    der = certificate.public_bytes(_DER)
    if digest(algorithm, der) != decoded(_one(named[0], f"{DS}DigestValue")):
        raise refused("asice.E006", "SigningCertificate")
    at = moment(signed[0].findtext(f"{XADES}SigningTime") or "")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise refused("asice.E006", "SigningTime")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        raise refused("asice.E006", "KeyUsage") from None
    if not usage.content_commitment:
        raise refused("asice.E006", "KeyUsage")
    return at


def moment(text: str) -> datetime:
    """A moment of XML with its zone. Raises Refused."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise refused("asice.E003", "SigningTime") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


_DER = Encoding.DER
