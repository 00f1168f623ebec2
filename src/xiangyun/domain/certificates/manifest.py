"""Certificates: what was issued."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases",),
    verbs=(
        Verb(
            "certificate.reinstated",
            Text("恢复证照效力", "Certificate stands again"),
            notes=("reason",),
        ),
        Verb(
            "certificate.followed",
            Text("证照随主体或机关变更转移", "The certificate follows its holder or office"),
            notes=("why",),
        ),
        Verb("certificate.copied", Text("出具证照副本", "A copy was made out"), notes=("purpose",)),
        Verb(
            "certificate.offered",
            Text(
                "生成了供钱包应用领取的邀请（十分钟有效）",
                "An offer for a wallet app was made (good for ten minutes)",
            ),
        ),
        Verb(
            "certificate.collected",
            Text("钱包应用领取了证照", "A wallet app took the certificate"),
        ),
        Verb("certificate.shown", Text("出示了一分钟的二维码", "A code was shown for one minute")),
        Verb("certificate.copy_withdrawn", Text("撤回证照副本", "A copy was withdrawn")),
        Verb("certificate.read", Text("查看了证照", "Looked at the certificate"), look=True),
    ),
    succeeds="xiangyun.domain.certificates.following:succeed",
    queue="certificates",
    owned="xiangyun.domain.certificates.queries:owned",
    modules={
        "specimen": "a certificate as it will look, marked and unsigned",
        "statuses": "places in status lists, and the lists as they are published",
        "copies": "certificates in their five forms, in wallets, and for one use",
        "forms": "the five forms and what they say, most without Django",
        "wallets": "certificates into wallets and out of them: OpenID4VCI, OpenID4VP, one minute",
        "responses": "presentations that come encrypted: direct_post.jwt",
        "checking": "checking a file of any form and issuer offline, without Django",
        "trust": "organisations whose keys one trusts, without Django",
        "following": "certificates that follow merged holders, divisions and departments",
        "comparison": "certificates against what the journal says of them, for the audit",
        "document": "the file that is issued and its one spelling, without Django",
        "verification": "checking a file offline, without Django",
        "page": "how the certificate looks on paper",
        "reasons": "why a certificate ends: the list of the standard",
    },
)
