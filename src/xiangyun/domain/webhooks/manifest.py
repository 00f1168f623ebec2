"""Webhooks: what happens to the cases of an organisation is posted to its system, signed."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("accounts", "journal", "following"),
    queue="webhooks",
    follows_journal="xiangyun.domain.webhooks.posting:take",
    modules={"posting": "what is posted, behind the journal: queued, signed, tried again"},
    verbs=(
        Verb("webhook.made", Text("登记了推送地址", "A webhook was made")),
        Verb("webhook.ended", Text("停用了推送地址", "A webhook was ended")),
    ),
)
