"""The studio (编制室): drafts of packs, file by file, with every revision of each."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases",),
    modules={
        "starters": "what a new pack begins with: files that pass the check at once",
        "paths": "how files of a pack may be called, and how much one holds",
    },
    verbs=(
        Verb("studio.begun", Text("在编制室新建草稿 {code}", "A draft of {code} was begun")),
        Verb("studio.handed_in", Text("草稿 {code} 送审", "The draft of {code} was handed in")),
        Verb(
            "studio.returned",
            Text("退回草稿 {code}", "The draft of {code} was returned"),
            notes=("why",),
        ),
        Verb("studio.agreed", Text("同意草稿 {code}", "The draft of {code} was agreed to")),
        Verb("studio.discarded", Text("放弃草稿 {code}", "The draft of {code} was given up")),
    ),
)
