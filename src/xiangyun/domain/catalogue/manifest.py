"""The catalogue: what packs declare, in its versions."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("accounts", "registers"),
    verbs=(
        Verb(
            "service.published",
            Text("发布事项：第 {version} 版", "Service published: version {version}"),
        ),
        Verb(
            "declaration.published",
            Text(
                "发布 {kind} {code}：第 {version} 版",
                "Published {kind} {code}: version {version}",
            ),
        ),
        Verb(
            "declaration.unpublished",
            Text(
                "撤下 {kind} {code}（第 {version} 版）",
                "Withdrew {kind} {code}: version {version}",
            ),
        ),
        Verb(
            "service.unpublished",
            Text("不再受理事项（第 {version} 版）", "Service offered no more: version {version}"),
        ),
    ),
    roles={
        "publisher": Role(
            Text("事项发布", "publisher"),
            Text("发布事项，维护工作日历。", "Publishes services and keeps the calendar."),
            across=True,
        )
    },
)
