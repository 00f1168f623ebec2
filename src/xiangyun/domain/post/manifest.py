"""Results by post: asked for with a case, handed to a carrier, followed until they are there."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "messaging"),
    queue="post",
    owned="xiangyun.domain.post.queries:owned",
    verbs=(
        Verb("parcel.asked", Text("申请邮寄办理结果", "The result is to come by post")),
        Verb(
            "parcel.sent", Text("办理结果已交寄，单号 {number}", "The result was posted: {number}")
        ),
        Verb("parcel.arrived", Text("办理结果已签收", "The result was delivered")),
        Verb("parcel.returned", Text("办理结果被退回", "The result came back")),
    ),
)
