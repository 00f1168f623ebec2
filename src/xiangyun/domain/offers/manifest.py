"""Offers: what parties enter into registers themselves, who fits whom, and what becomes of it."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("messaging", "grants"),
    queue="offers",
    modules={
        "own": "whose records those are, and what a party has entered",
        "loading": "own records from a table, wrong lines named",
        "partners": "who fits, with reasons: the statement of a matching over what is in force",
        "fairness": "how many fit nobody, and which requirements are why",
        "meeting": "invitations, what follows them, and what is shown under a grant",
        "sense": "what is found by its sense where words find nothing: vectors of records",
        "watching": "saved searches, and messages when something new fits",
        "following": "saved searches that follow joined parties",
    },
    keeps_files="xiangyun.domain.offers.own:named_files",
    owned="xiangyun.domain.offers.watching:owned",
    succeeds="xiangyun.domain.offers.following:succeed",
    verbs=(
        Verb("partner.invited", Text("邀请对接（{pair}）", "An invitation: {pair}")),
        Verb("contact.told", Text("更新对接进展（{pair}）", "What became of {pair} was told")),
    ),
)
