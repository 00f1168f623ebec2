"""Time stamps (RFC 3161): over the result of a hash chain, or over the value of a signature."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from lxml import etree

from . import hashchain
from .container import ASIC_MANIFEST, SIGNATURES, TIMESTAMP, parse
from .faults import refused
from .xmlsignature import DS, HASHES, XADES, decoded, digest

ASIC = "{http://uri.etsi.org/2918/v1.2.1#}"


def check_manifest(files: Mapping[str, bytes]) -> frozenset[str]:
    """A batch time stamp: over the result of a hash chain over the signature, which is named. The
    files that the stamp covers. Raises Refused."""
    for name in (ASIC_MANIFEST, TIMESTAMP):
        if name not in files:
            raise refused("asice.E009", name)
    root = parse(ASIC_MANIFEST, files[ASIC_MANIFEST])
    reference = root.find(f"{ASIC}SigReference")
    if reference is None or reference.get("URI", "").removeprefix("/") != TIMESTAMP:
        raise refused("asice.E009", "SigReference")
    named = root.findall(f"{ASIC}DataObjectReference")
    if len(named) != 1:
        raise refused("asice.E009", "DataObjectReference")
    name = str(named[0].get("URI", "")).removeprefix("/")
    method, value = named[0].find(f"{DS}DigestMethod"), named[0].find(f"{DS}DigestValue")
    if name not in files or method is None or value is None:
        raise refused("asice.E009", name or "DataObjectReference")
    algorithm = str(method.get("Algorithm", ""))
    if digest(algorithm, files[name], "asice.E009") != decoded(value):
        raise refused("asice.E005", name)
    covered = hashchain.verify(name, files)
    if SIGNATURES not in covered:
        raise refused("asice.E009", SIGNATURES)
    _check(files[TIMESTAMP], files[name])
    return covered & {name for name in files if name.startswith("ts-hashchain")}


def check_signature_timestamp(signature: etree._Element) -> None:
    """The time stamps inside a signature are over its value, as X-Road has it; there is one."""
    value = signature.find(f"{DS}SignatureValue")
    stamps = list(signature.iter(f"{XADES}SignatureTimeStamp"))
    if value is None or not stamps:
        raise refused("asice.E009", "SignatureTimeStamp")
    for stamp in stamps:
        token = stamp.find(f"{XADES}EncapsulatedTimeStamp")
        _check(decoded(stamp if token is None else token), decoded(value))


def _check(token: bytes, stamped: bytes) -> None:
    """A token is over these bytes, and signed by the certificate that it brings, if it does."""
    try:
        content = cms.ContentInfo.load(token)["content"]
        info = content["encap_content_info"]["content"].parsed
        if not isinstance(info, tsp.TSTInfo):
            raise refused("asice.E009", "TSTInfo")
        imprint = info["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        if algorithm not in HASHES:
            raise refused("asice.E009", str(algorithm))
        if hashlib.new(algorithm, stamped).digest() != imprint["hashed_message"].native:
            raise refused("asice.E009", "messageImprint")
        _check_signer(content, bytes(content["encap_content_info"]["content"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise refused("asice.E009", "CMS") from None


def _check_signer(content: cms.SignedData, signed: bytes) -> None:
    signers = content["signer_infos"]
    if len(signers) != 1:
        raise refused("asice.E009", "SignerInfo")
    signer = signers[0]
    attributes = signer["signed_attrs"]
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in HASHES:
        raise refused("asice.E009", str(name))
    told = [
        each["values"][0].native for each in attributes if each["type"].native == "message_digest"
    ]
    if told != [hashlib.new(name, signed).digest()]:
        raise refused("asice.E009", "messageDigest")
    _check_frame(content, signer, name)
    certificates = content["certificates"]
    if isinstance(certificates, core.Void):
        return
    serial = signer["sid"].chosen["serial_number"].native
    for each in certificates:
        if each.chosen.serial_number == serial:
            if each.chosen.issuer.dump() != signer["sid"].chosen["issuer"].dump():
                raise refused("asice.E009", "sid")
            _check_named(attributes, each.chosen.dump())
            key = x509.load_der_x509_certificate(each.chosen.dump()).public_key()
            chosen = HASHES[name]
            over = attributes.untag().dump()
            value = signer["signature"].native
            try:
                if isinstance(key, rsa.RSAPublicKey):
                    key.verify(value, over, padding.PKCS1v15(), chosen)
                elif isinstance(key, ec.EllipticCurvePublicKey):
                    key.verify(value, over, ec.ECDSA(chosen))
                else:
                    raise refused("asice.E009", "key")
            except InvalidSignature:
                raise refused("asice.E009", "signature") from None
            return
    raise refused("asice.E009", "certificates")


def _check_frame(content: cms.SignedData, signer: cms.SignerInfo, name: str) -> None:
    """What no signature covers says the same as what one does: versions and algorithms."""
    if (content["version"].native, signer["version"].native) != ("v3", "v1"):
        raise refused("asice.E009", "version")
    wanted = _spelled(algos.DigestAlgorithm, name)
    digests = [each.dump() for each in content["digest_algorithms"]]
    if len(digests) != 1 or not {*digests, signer["digest_algorithm"].dump()} <= wanted:
        raise refused("asice.E009", "digestAlgorithm")
    kinds = ("rsassa_pkcs1v15", f"{name}_rsa", f"{name}_ecdsa")
    known = set().union(*(_spelled(algos.SignedDigestAlgorithm, kind) for kind in kinds))
    if signer["signature_algorithm"].dump() not in known:
        raise refused("asice.E009", "signatureAlgorithm")
    if isinstance(content["certificates"], core.Void) and not isinstance(
        content["crls"], core.Void
    ):
        raise refused("asice.E009", "crls")


def _spelled(of: type[core.Sequence], name: str) -> set[bytes]:
    """An algorithm as DER has it, with parameters NULL and without."""
    bare: bytes = of({"algorithm": name}).dump()
    null: bytes = of({"algorithm": name, "parameters": core.Null()}).dump()
    return {bare, null}


def _check_named(attributes: cms.CMSAttributes, certificate: bytes) -> None:
    """The signed attributes name the signer's certificate by its digest (RFC 3161, 2.4.2, and RFC
    5816): otherwise another one with the same key and serial number could stand in its place."""
    for each in attributes:
        kind = each["type"].native
        if kind not in ("signing_certificate", "signing_certificate_v2"):
            continue
        named = each["values"][0]["certs"][0]
        name = (
            "sha1" if kind == "signing_certificate" else named["hash_algorithm"]["algorithm"].native
        )
        if hashlib.new(name, certificate).digest() == named["cert_hash"].native:
            return
        raise refused("asice.E009", "signingCertificate")
    raise refused("asice.E009", "signingCertificate")
