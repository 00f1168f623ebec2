"""The catalogue: what packs declare, in its versions."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("accounts", "registers"),
    queue="catalogue",
    modules={
        "samples": "what a service gives, as one of its examples got it",
        "described": "what the public catalogue tells of a service, kept with its version",
        "listing": "what a list says of a service, kept with its version",
        "versions": "a declaration as a row, told to the apps and to the journal",
        "bulk": "items of standard ways, many at a time",
        "sheets": "the sheets of places: proved, approved by a second person, rebased",
        "sheetload": "sheets that places had in force before, many at a time",
        "revisions": "what drafts and sheets share: optimistic lock, four eyes, journal",
        "drafts": "the life of a version before it is in force",
        "finding": "what people find a service by, and how well each answers a question",
        "rereading": "what is made of all current services, anew only of what was published since",
        "ranking": "which of many services answer a question, the best first",
        "rephrasing": "the same question in other words: of a sentence, or in another order",
        "jobs": "the queue finds jobs by this name",
    },
    publishes={"service": "xiangyun.domain.catalogue.sheets:rebase"},
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
        Verb(
            "sheet.saved",
            Text("起草实施清单（第 {version} 版）", "Sheet drafted: version {version}"),
        ),
        Verb(
            "sheet.submitted",
            Text("实施清单送审（第 {version} 版）", "Sheet handed in: version {version}"),
        ),
        Verb(
            "sheet.approved",
            Text(
                "批准实施清单（第 {version} 版），{from_on} 起执行",
                "Sheet approved: version {version}, from {from_on}",
            ),
        ),
        Verb(
            "sheet.loaded",
            Text(
                "载入实施清单（第 {version} 版），{from_on} 起执行",
                "Sheet loaded: version {version}, from {from_on}",
            ),
        ),
        Verb(
            "sheet.returned",
            Text("退回实施清单（第 {version} 版）", "Sheet returned: version {version}"),
            notes=("why",),
        ),
        Verb(
            "sheet.set_aside",
            Text("停用实施清单（第 {version} 版）", "Sheet set aside: version {version}"),
            notes=("why",),
        ),
        Verb("pack.drafted", Text("起草 {code} 的新版", "A version of {code} was drafted")),
        Verb("pack.checked", Text("检查草稿 {code}", "The draft of {code} was checked")),
        Verb(
            "pack.replayed",
            Text(
                "用以往办件重放草稿 {code}：{cases} 件",
                "The draft of {code} was tried on {cases} past cases",
            ),
        ),
        Verb(
            "pack.agreed",
            Text(
                "同意发布 {code}，{from_on} 起生效",
                "The draft of {code} was agreed to, in force from {from_on}",
            ),
        ),
        Verb("pack.begun", Text("草稿 {code} 生效", "The draft of {code} is in force")),
        Verb("pack.discarded", Text("放弃草稿 {code}", "The draft of {code} was discarded")),
    ),
    roles={
        "sheet-keeper": Role(
            Text("实施清单维护", "sheet keeper"),
            Text(
                "起草、审批本地的实施清单。",
                "Drafts and approves the implementation sheets of a place.",
            ),
            across=True,
            sees_records=False,
        ),
        "pack-author": Role(
            Text("事项编制", "author of services"),
            Text(
                "在编制室起草事项的文件并送审，不能自己发布。",
                "Writes the files of services in the studio and hands them in; never publishes.",
            ),
            across=True,
            sees_records=False,
        ),
        "publisher": Role(
            Text("事项发布", "publisher"),
            Text("发布事项，维护工作日历。", "Publishes services and keeps the calendar."),
            across=True,
        ),
    },
)
