"""Questions to the office inside a case (咨询): asked by the applicant, answered by an official."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "calendar", "messaging"),
    owned="xiangyun.domain.enquiries.queries:owned",
    verbs=(
        Verb(
            "enquiry.asked",
            Text(
                "申请人提问，应于{due:weekday}前答复",
                "The applicant asked a question, to be answered by {due:weekday}",
            ),
        ),
        Verb(
            "enquiry.answered", Text("已答复申请人的提问", "The applicant’s question was answered")
        ),
    ),
)
