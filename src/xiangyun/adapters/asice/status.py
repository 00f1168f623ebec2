"""The status of the signer's certificate (OCSP, RFC 6960), as it lies in the signature."""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from lxml import etree

from .faults import refused
from .xmlsignature import XADES, decoded


def check_status(signature: etree._Element, certificate: x509.Certificate, at: datetime) -> None:
    """Some answer is about this certificate and says that it was good at a moment. Raises Refused.

    Whether the responder is to be trusted is for who knows the issuers.
    """
    found = list(signature.iter(f"{XADES}EncapsulatedOCSPValue"))
    if not found:
        raise refused("asice.E010", "OCSP × 0")
    for each in found:
        try:
            answer = ocsp.load_der_ocsp_response(decoded(each))
            if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
                raise refused("asice.E010", "OCSP")
            about = [one for one in answer.responses if _is_about(one, certificate)]
            _check_responder(answer, certificate)
        except (ValueError, UnsupportedAlgorithm):
            raise refused("asice.E010", "OCSP") from None
        for one in about:
            if one.certificate_status is not ocsp.OCSPCertStatus.GOOD:
                raise refused("asice.E010", one.certificate_status.name)
            if one.next_update_utc is not None and at > one.next_update_utc:
                raise refused("asice.E010", "nextUpdate")
            return
    raise refused("asice.E010", "serial")


def _is_about(one: ocsp.OCSPSingleResponse, certificate: x509.Certificate) -> bool:
    """Issuer and serial number are those of the certificate."""
    issuer = hashlib.new(one.hash_algorithm.name, certificate.issuer.public_bytes()).digest()
    return one.serial_number == certificate.serial_number and one.issuer_name_hash == issuer


def _check_responder(answer: ocsp.OCSPResponse, certificate: x509.Certificate) -> None:
    """Who answers was named by the issuer of the certificate, and has signed the answer."""
    if not answer.certificates:
        return  # signed by the issuer, whom a list of the trusted has
    responder = answer.certificates[0]
    if responder.issuer != certificate.issuer:
        raise refused("asice.E010", "responder")
    key, chosen = responder.public_key(), answer.signature_hash_algorithm
    signed = answer.tbs_response_bytes
    try:
        if isinstance(key, rsa.RSAPublicKey) and chosen is not None:
            key.verify(answer.signature, signed, padding.PKCS1v15(), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey) and chosen is not None:
            key.verify(answer.signature, signed, ec.ECDSA(chosen))
        else:
            raise refused("asice.E010", "responder")
    except InvalidSignature:
        raise refused("asice.E010", "signature") from None
