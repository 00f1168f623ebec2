"""Own data: a copy of all that is kept about somebody, for that person."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases",),
    verbs=(
        Verb(
            "owndata.copied",
            Text(
                "下载了本人全部资料的副本（{files} 个文件）",
                "A copy of all own data: {files} files",
            ),
        ),
    ),
)
