"""Certificates compared with what the journal says of them."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.comparisons import compares, differs
from xiangyun.domain.journal.leaf import Recorded
from xiangyun.kernel.findings import Finding, Text

from . import queries
from .models import Certificate

_CHUNK = 200
_VERBS = ("certificate.issued", "certificate.revoked", "certificate.reinstated")


@compares("certificates")
def compare() -> Iterator[Finding]:
    """Every certificate against its last entry and its own signature; then those that are gone."""
    told: dict[str, Recorded] = {}
    for entry in journal.entries_of(*_VERBS):
        told[str(entry.data["certificate"])] = entry  # in their order: the last one counts
    for certificate in Certificate.objects.order_by("pk").iterator(_CHUNK):
        last = told.pop(certificate.pk, None)
        stands = (certificate.status, certificate.page_hash, certificate.owner)
        said = (last.data["status"], last.data["page"], last.owner) if last else None
        if stands != said or not _is_as_signed(certificate):
            yield differs(
                "audit.E007",
                Text(
                    "证照 {pk} 与日志不符（{status}）。",
                    "The certificate {pk} is not as the journal says ({status}).",
                    pk=certificate.pk,
                    status=certificate.status,
                ),
            )
    for identifier in told:
        yield differs(
            "audit.E008",
            Text(
                "证照 {identifier} 不见了。",
                "The certificate {identifier} is gone.",
                identifier=identifier,
            ),
        )


def _is_as_signed(certificate: Certificate) -> bool:
    """Whether the stored content still has its signature; what ended had one, too."""
    document = queries.verdict(queries.bare_document(certificate))
    return document.answer in ("valid", "revoked")
