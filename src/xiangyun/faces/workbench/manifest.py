"""The workbench: the pages of officials."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    stylesheet="workbench/workbench.css",
    addresses=(Addresses("office/", "xiangyun.faces.workbench.urls"),),
    links=(
        Link(Text("待办", "To do"), "workbench:queue", "office", rank=10),
        Link(Text("查办件", "Find cases"), "workbench:find", "office", rank=15),
        Link(
            Text("督办", "Overdue work"),
            "workbench:overdue",
            "office",
            when="xiangyun.domain.cases.queries:oversees",
            rank=20,
        ),
        Link(Text("登记库", "Registers"), "workbench:registers", "office", rank=40),
        Link(
            Text("日志审计", "Audit"),
            "workbench:audit",
            "office",
            when="xiangyun.domain.cases.queries:supervises",
            rank=70,
        ),
        Link(
            Text("职责", "Duties"),
            "workbench:duties",
            "office",
            when="xiangyun.domain.accounts.access:has_mandate",
            some="xiangyun.domain.duties.queries:standing",
            rank=46,
        ),
        Link(
            Text("立件", "Open a case"),
            "workbench:open",
            "office",
            when="xiangyun.domain.cases.officialopening:opens_cases",
            rank=45,
        ),
        Link(
            Text("窗口代办", "File for a citizen"),
            "workbench:file",
            "office",
            when="xiangyun.domain.accounts.access:files_for_others",
        ),
        Link(
            Text("登记代理", "Representations"),
            "workbench:representations",
            "office",
            when="xiangyun.domain.accounts.access:files_for_others",
            rank=55,
        ),
        Link(
            Text("人员", "People"),
            "workbench:people",
            "office",
            when="xiangyun.domain.staff.access:administers",
            rank=70,
        ),
        Link(
            Text("工作台", "Workbench"),
            "workbench:queue",
            "account",
            when="xiangyun.domain.accounts.access:is_official",
        ),
        Link(
            Text("工作人员入口", "For officials"),
            "workbench:queue",
            "foot",
            when="xiangyun.domain.accounts.access:is_nobody_or_official",
            rank=90,
        ),
    ),
)
