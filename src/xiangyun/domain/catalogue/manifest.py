"""The catalogue: services in their versions."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("accounts", "registers"),
    roles={
        "publisher": Role(
            Text("事项发布", "publisher"),
            Text("发布事项，维护工作日历。", "Publishes services and keeps the calendar."),
        )
    },
)
