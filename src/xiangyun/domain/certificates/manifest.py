"""Certificates: what was issued."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases",),
    verbs=(
        Verb("certificate.reinstated", Text("恢复证照效力", "Certificate stands again")),
        Verb("certificate.read", Text("查看了证照", "Looked at the certificate"), look=True),
    ),
    modules={
        "comparison": "certificates against what the journal says of them, for the audit",
        "document": "the file that is issued and its one spelling, without Django",
        "verification": "checking a file offline, without Django",
        "page": "how the certificate looks on paper",
        "reasons": "why a certificate ends: the list of the standard",
    },
)
