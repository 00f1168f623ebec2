"""The journal: what happened, sealed and provable."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    queue="journal",
    modules={
        "comparisons": "how apps compare their tables with what the journal says",
        "leaf": "what of an entry the tree shows, without Django: the verifier needs it alone",
        "proof": "the receipt and its checking, without Django",
        "signatures": "signing and checking, without Django",
        "verdict": "the answer of a check, shared with certificates, without Django",
    },
)
