"""Certificates: what was issued."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases",),
    modules={
        "comparison": "certificates against what the journal says of them, for the audit",
        "document": "the file that is issued and its one spelling, without Django",
        "verification": "checking a file offline, without Django",
        "page": "how the certificate looks on paper",
        "reasons": "why a certificate ends: the list of the standard",
    },
)
