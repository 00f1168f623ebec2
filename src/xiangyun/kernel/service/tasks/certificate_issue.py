"""`certificate.issue`: what certificate.yaml says, for this case."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.certificate import content, next_identifier, number_of
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

ISSUED = Verb("certificate.issued", Text("签发证照", "Certificate issued"))
_BECAME = {
    "suspended": Text("暂停", "suspended"),
    "revoked": Text("撤销", "revoked"),
    "withdrawn": Text("吊销", "withdrawn"),
    "cancelled": Text("注销", "cancelled"),
    "replaced": Text("换发", "replaced"),
}
ENDED = Verb(
    "certificate.revoked",
    Text("证照{status}", "Certificate {status}"),
    notes=("reason",),
    grave=True,
    keys={"status": _BECAME},
)


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    spec = around.files.certificate
    if spec is None:
        raise KeyError("certificate.yaml")
    made = content(spec, around.files.form, around.variables, around.today, around.at)
    earlier = wanted.inputs.get("replaces")
    replaced = identifiers.parse(str(earlier)) if earlier else None
    identifier = next_identifier(made, around.today, f"{around.next_number():06}", replaced)
    around.certificate = made
    around.record(ISSUED, certificate=identifier, kind=made.id, replaces=earlier or None)
    if earlier:
        around.end_certificate(str(earlier), "replaced")
        around.record(ENDED, certificate=str(earlier), kind=made.id, status="replaced")
    around.held.insert(
        0,
        {
            "identifier": identifier,
            "kind": made.id,
            "number": number_of(made, identifier),
            "holder": made.holder,
            "holder_code": made.holder_code,
            "issued_on": around.today,
            "valid_until": made.valid_to,
            "status": "valid",
            "stands": True,
            "fields": {field.key: field.shown for field in made.fields},
        },
    )
    return {
        "identifier": identifier,
        "code": number_of(made, identifier),
        "issued_on": around.today,
        "file": {"name": f"{identifier}.html", "sha256": "", "bytes": Decimal(0)},
    }


TYPE = ServiceType(
    "certificate.issue",
    Text("签发本事项的证照", "issues the certificate of the service"),
    _rehearse,
    headers=(
        Header(
            "certificate", "certificate", Text("哪一种证照", "which certificate"), example="permit"
        ),
    ),
    inputs=(
        Argument(
            "replaces",
            "text",
            Text(
                "被换发的证照标识，须为申请人自己的：新证照是它的下一版，它随之失效",
                "the identifier of one that the applicant holds: this is its next version, and "
                "that one ends",
            ),
            required=False,
            example="=first_identifier",
        ),
    ),
    results=(
        Result("identifier", "text", Text("证照标识", "its identifier"), made_up=True),
        Result("code", "text", Text("证照编号", "the number it is known by")),
        Result("issued_on", "date", Text("颁发日期", "the day of issue")),
        Result(
            "file",
            "any",
            Text(
                "证照页面：{name, sha256, bytes}，报文里写明它，对方便能取得内容",
                "its page as {name, sha256, bytes}: a message that names it lets the other side "
                "fetch it",
            ),
            made_up=True,
        ),
    ),
    verbs=(ISSUED, ENDED),
)
