"""The pages of tasks with forms: one address for whoever does a task, at the office or outside."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    stylesheet="tasks/tasks.css",
    addresses=(Addresses("tasks/", "xiangyun.faces.tasks.urls"),),
    links=(
        Link(
            Text("要填的表", "Forms to fill in"),
            "tasks:mine",
            "account",
            when="xiangyun.domain.accounts.access:is_known",
            rank=30,
        ),
    ),
)
