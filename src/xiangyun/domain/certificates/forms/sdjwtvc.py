"""A certificate as SD-JWT VC (RFC 9901): its holder shows each fact or keeps it closed."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from xiangyun.domain.journal.signatures import Signer
from xiangyun.kernel.credential import sdjwt
from xiangyun.kernel.credential.jws import Jwk
from xiangyun.kernel.credential.sdjwt import Hidden
from xiangyun.kernel.worktime import office_zone

from .metadata import content_of, metadata

_OPEN = ("name", "type_code", "authority", "authority_code")
"""What every copy says openly: it tells one kind of certificate from another, nobody's person."""


def issued(
    content: Mapping[str, Any],
    *,
    issuer: str,
    vct: str,
    status: tuple[str, int],
    salts: Iterator[str],
    signer: Signer,
    chain: Sequence[bytes] = (),
    holder_key: Jwk | None = None,
) -> str:
    """The credential, all of it disclosed, as its holder keeps it.

    `issuer` and `vct` are addresses, `status` the list and index of this copy alone. Its times are
    those of days, so that two copies of one day cannot be told to be of one moment. `chain` are
    certificates of the signer's key, its own first; the root is left to those who trust it.
    """
    said = metadata(content)
    fields = {key: Hidden(line) for key, line in said.pop("fields").items()}
    claims: dict[str, Any] = {
        "iss": issuer,
        "vct": vct,
        "iat": _midnight(date.fromisoformat(content["issued_on"])),
        "status": {"status_list": {"uri": status[0], "idx": status[1]}},
        **{name: value if name in _OPEN else Hidden(value) for name, value in said.items()},
        "fields": fields,
    }
    if content["valid_from"]:
        claims["nbf"] = _midnight(date.fromisoformat(content["valid_from"]))
    if content["valid_until"]:
        last = date.fromisoformat(content["valid_until"])
        claims["exp"] = _midnight(last + timedelta(days=1))
    if holder_key is not None:
        claims["cnf"] = {"jwk": dict(holder_key)}
    header: dict[str, Any] = {"alg": signer.algorithm, "typ": "dc+sd-jwt", "kid": signer.key_id}
    if len(chain) > 1:
        header["x5c"] = [base64.b64encode(each).decode() for each in chain[:-1]]
    return sdjwt.issued(claims, salts, header, signer.sign)


def _midnight(day: date) -> int:
    """The first second of a day where the offices are."""
    return int(datetime.combine(day, time(), office_zone()).timestamp())


def shown(claims: Mapping[str, Any]) -> dict[str, Any]:
    """What disclosed claims say, as the content of a certificate."""
    return content_of(claims)
