"""`evidence.providers`: who gives the evidence that meets a requirement, about a place."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings


def place_asked(wanted: ServiceWanted) -> str:
    """The place whose evidence is wanted: a division's code or its beginning; empty for any."""
    return str((wanted.inputs or {}).get("place") or "")


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    requirement = wanted.headers["requirement"]
    return around.connectors.givers(requirement, place_asked(wanted), today=around.today)


TYPE = ServiceType(
    "evidence.providers",
    Text(
        "按一项要求查谁能给出证据、今天可以向谁要；要用 connector.call",
        "finds who gives evidence that meets a requirement and may be asked for it today; it is "
        "asked for by connector.call",
    ),
    _rehearse,
    headers=(
        Header(
            "requirement",
            "requirement",
            Text("哪项要求（requirements/*.yaml）", "which requirement (requirements/*.yaml)"),
            example="word-kept",
        ),
    ),
    inputs=(
        Argument(
            "place",
            "text",
            Text(
                "哪里的证据：区划代码或者它的开头；不写是各地",
                "of which place: a division’s code or its beginning; anywhere, if absent",
            ),
            required=False,
            example='="222404"',
        ),
    ),
    results=(
        Result(
            "providers",
            "list",
            Text(
                "能给的机构，可以直接作表单的选项：value、label，另有 organisation、name、"
                "evidence、connector、message、basis",
                "who gives it, as options of a form: `value`, `label`; besides `organisation`, "
                "`name`, `evidence`, `connector`, `message`, `basis`",
            ),
        ),
        Result(
            "missing",
            "list",
            Text(
                "没有人能给时，缺的是哪些证据：各有 zh、en",
                "where nobody gives any, the evidence that would do: each with `zh` and `en`",
            ),
        ),
    ),
    asked_again=True,
)
