"""The calendar: days and years entered over the packaged one."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("accounts", "registers"),
    verbs=(
        Verb(
            "calendar.day",
            Text("登记日历上的一天：{date}", "A day of the calendar entered: {date}"),
        ),
        Verb(
            "calendar.year",
            Text("登记一年的日历：{year}", "A year of the calendar entered: {year}"),
        ),
    ),
)
