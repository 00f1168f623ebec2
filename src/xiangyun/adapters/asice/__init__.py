"""Signed containers of X-Road (ASiC-E): read and verified, or refused with the reason.

What is verified without anybody's help: the container, the signature and all that it covers, hash
chains, time stamp and certificate status as far as they are inside, and that the signer is the one
whom the message names. Whether the issuers are to be trusted is for who has a list of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from . import hashchain, xmlsignature
from .container import ASIC_MANIFEST, MESSAGE, TIMESTAMP, read
from .faults import refused
from .headers import Headers, headers_of, refuse_other_signer
from .status import check_status
from .timestamps import check_manifest, check_signature_timestamp

SIG_RESULT, TS_RESULT = "sig-hashchainresult.xml", "ts-hashchainresult.xml"


@dataclass(frozen=True, slots=True)
class Container:
    """A container that is genuine: who signed when, and what the message says of itself."""

    signer: str
    at: datetime
    headers: Headers


def verify(content: bytes) -> Container:
    """Verify a container. Raises Refused, with the reason by its id."""
    files = read(content)
    signed = xmlsignature.verify(files)
    covered = set(signed.files)
    if SIG_RESULT in signed.files:
        covered |= hashchain.verify(SIG_RESULT, files)
    if MESSAGE not in covered:
        raise refused("asice.E008", MESSAGE)
    if ASIC_MANIFEST in files or TIMESTAMP in files or TS_RESULT in files:
        covered |= check_manifest(files)
    else:
        check_signature_timestamp(signed.signature)
    # A chain that nothing signed leads to would make believe that there is a batch.
    for name in sorted(name for name in files if not name.startswith("META-INF/")):
        if name not in covered | {"mimetype"}:
            raise refused("asice.E008", name)
    check_status(signed.signature, signed.certificate, signed.at)
    headers = headers_of(files[MESSAGE])
    refuse_other_signer(headers, signed.certificate)
    return Container(signed.certificate.subject.rfc4514_string(), signed.at, headers)
