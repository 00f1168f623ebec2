"""The status of the signer's certificate (OCSP, RFC 6960), as it lies in the signature."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509 import ocsp
from lxml import etree

from .faults import refused
from .xmlsignature import XADES, decoded


def check_status(signature: etree._Element, certificate: x509.Certificate) -> None:
    """Some answer is about this certificate and says that it is good. Raises Refused."""
    found = list(signature.iter(f"{XADES}EncapsulatedOCSPValue"))
    if not found:
        raise refused("asice.E010", "OCSP × 0")
    for each in found:
        try:
            answer = ocsp.load_der_ocsp_response(decoded(each))
            if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
                raise refused("asice.E010", "OCSP")
            about = [(one.serial_number, one.certificate_status) for one in answer.responses]
        except ValueError:
            raise refused("asice.E010", "OCSP") from None
        for serial, status in about:
            if serial == certificate.serial_number:
                if status is not ocsp.OCSPCertStatus.GOOD:
                    raise refused("asice.E010", status.name)
                return
    raise refused("asice.E010", "serial")
