"""Evidence: all of a case in one file that anybody checks without us."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "certificates"),
    verbs=(
        Verb("evidence.taken", Text("导出了证据包", "Took the evidence of the case"), look=True),
    ),
    modules={
        "archive": "a ZIP with one spelling, in which every bit counts, without Django",
        "checking": "checking the evidence of a case, without Django",
        "verify": "the page that checks it in any browser, offline",
    },
)
