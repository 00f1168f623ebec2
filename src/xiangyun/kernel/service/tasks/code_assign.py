"""`code.assign`: a fresh code for something new."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.codes import organisation, uscc
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings


def company_code(division: str, serial: int) -> str:
    """The unified social credit code of a new company (GB 32100-2015).

    9 the market regulator, 1 a company, six digits of the division, and an organisation code
    (GB 11714) that begins with MA and counts on in the 31 characters of the standard.
    """
    digits, rest = "", serial
    for _ in range(6):
        rest, last = divmod(rest, len(uscc.ALPHABET))
        digits = uscc.ALPHABET[last] + digits
    return uscc.make("9", "1", division[:6], organisation.make("MA" + digits))


ASSIGNERS = {"uscc": company_code}
"""By the header `kind`: the code of a division and a serial number that is given once."""


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    assign = ASSIGNERS[wanted.headers["kind"]]
    return {"code": assign(str(wanted.inputs["division"]), around.next_number())}


TYPE = ServiceType(
    "code.assign",
    Text("赋予一个新代码", "assigns a fresh code"),
    _rehearse,
    headers=(
        Header(
            "kind",
            "one of",
            Text("uscc：统一社会信用代码", "`uscc`: a unified social credit code"),
            values=tuple(ASSIGNERS),
            example="uscc",
        ),
    ),
    inputs=(
        Argument(
            "division",
            "text",
            Text("登记机关所在区划", "the division of the registrar"),
            example="=division.code",
        ),
    ),
    results=(Result("code", "text", Text("代码", "the code"), made_up=True),),
)
