"""The journal: what happened, sealed and provable."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("vault",),
    verbs=(
        Verb(
            "list.exported",
            Text(
                "把列表“{list}”导出为文件，{rows} 行",
                "The list “{list}” left as a file, {rows} rows",
            ),
        ),
        Verb(
            "journal.erased",
            Text("按保存期限删除了个人信息", "Personal details were erased, their time being over"),
            grave=True,
            notes=("why",),
        ),
        Verb(
            "journal.head_set_aside",
            Text("日志树根作废", "A tree head was set aside"),
            grave=True,
        ),
    ),
    queue="journal",
    modules={
        "comparisons": "how apps compare their tables with what the journal says",
        "algorithms": "Ed25519, ES256 and SM2 by their keys, without Django",
        "libcrypto": "SM2 by the library of the system, without Django",
        "checkpoints": "the journal as a log of C2SP: checkpoints, tiles, proofs, witnesses",
        "keeping": "personal details as an archive keeps them, and how they come back",
        "leaf": "what of an entry the tree shows, without Django: the verifier needs it alone",
        "passkeysigned": "a signature by passkey in an entry and its checking, without Django",
        "proof": "the receipt and its checking, without Django",
        "signatures": "signing and checking, without Django",
        "verdict": "the answer of a check, shared with certificates, without Django",
    },
)
