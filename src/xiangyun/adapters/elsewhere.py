"""Other platforms whose certificates are valid here: partners of exchange that certify.

Whether such a certificate stands, the platform that has issued it is asked by a signed request;
its status lists are fetched from the address of that platform alone, and are signed themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from uuid import uuid4

import urllib3
from django.utils import timezone

from xiangyun.domain.certificates.forms import w3c
from xiangyun.domain.certificates.trust import Organisation
from xiangyun.domain.certificates.verification import Standing
from xiangyun.domain.exchange import partners
from xiangyun.domain.exchange.partners import Certifier
from xiangyun.domain.exchange.ports import Outbound, Unreachable, signer, transport
from xiangyun.domain.journal import algorithms
from xiangyun.kernel.connector.bodies import read_body, write_body
from xiangyun.kernel.findings import Text

_TIMEOUT = timedelta(seconds=5)
_MOST = 2_000_000
_INBOUND = "/exchange/in"


class Partners:
    """The port `certificates.ports.Elsewhere`; reads the partners once."""

    @cached_property
    def _found(self) -> list[Certifier]:
        return partners.certifying()

    def organisations(self) -> Sequence[Organisation]:
        return [
            Organisation(
                Text.given(each.name, each.name),
                (_base(each), *(did for pem in each.pems.values() if (did := w3c.did_of(pem)))),
                {key: algorithms.jwk_of(pem) for key, pem in each.pems.items()},
            )
            for each in self._found
        ]

    def pems(self) -> Mapping[str, str]:
        return {key: pem for each in self._found for key, pem in each.pems.items()}

    def standing(self, key_id: str, identifier: str) -> Standing | None:
        partner = next((each for each in self._found if key_id in each.pems), None)
        if partner is None or not partner.address.startswith("http"):
            return None
        now = timezone.now()
        asked = Outbound(
            address=partner.address,
            path="certificates/standing",
            id=uuid4(),
            body=write_body({"identifier": identifier}),
            series="",
            serial=0,
            follows=0,
            timeout=_TIMEOUT,
            most_bytes=100_000,
            keys=partners.keys_of(partner.organisation, now) if partner.signs_answers else {},
            at=now,
        )
        try:
            replied = transport("http").send(asked, signer())
            if replied is None or not replied.taken:
                return None
            said = read_body(replied.body)
            return Standing(
                said["known"] is True,
                said["in_force"] is True,
                Text.given(str(said["zh"]), str(said["en"])),
            )
        except (Unreachable, ValueError, KeyError, TypeError):
            return None

    def published_list(self, uri: str) -> str | None:
        if not any(_base(each) and uri.startswith(f"{_base(each)}/") for each in self._found):
            return None
        try:
            timeout = urllib3.Timeout(total=_TIMEOUT.total_seconds())
            answer = urllib3.request("GET", uri, redirect=False, retries=False, timeout=timeout)
        except (urllib3.exceptions.HTTPError, ValueError):
            return None
        if answer.status != 200 or len(answer.data) > _MOST:
            return None
        return answer.data.decode("ascii", "replace").strip()


def _base(partner: Certifier) -> str:
    """The address of the platform itself, from that of its exchange."""
    return partner.address.removesuffix("/").removesuffix(_INBOUND)
