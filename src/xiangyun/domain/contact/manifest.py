"""Where the applicant is reached about a case (联系方式), as it was changed inside the case."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "messaging"),
    owned="xiangyun.domain.contact.queries:owned",
    verbs=(
        Verb(
            "contact.changed",
            Text("申请人改了联系方式", "The applicant changed where to be reached"),
        ),
    ),
)
