"""Names declared by oneself (名称自主申报): looked at before the application, and reserved.

`name_check` in service.yaml says how a name is made of answers, in which register others stand, and
which decisions judge it.
"""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.formulas import Formula, field_formula
from xiangyun.kernel.packfile.laws import law_of

KEY = "name_check"


@dataclass(frozen=True, slots=True)
class NameCheck:
    """How a service checks and reserves the names that it registers.

    `name`: the whole name, over `application`. `questions`: what it is made of. `variant`: the one
    of them that is tried in several spellings, the distinctive part. `kind`: the question within
    whose answers a name is one's own, such as the industry; empty for none. `register` has a field
    for each of the three. `decisions` of `rules.dmn` judge what the name says.
    """

    name: Formula | None
    questions: tuple[str, ...]
    variant: str
    kind: str
    register: str
    name_field: str
    variant_field: str
    kind_field: str
    decisions: tuple[str, ...]
    days: int
    basis: str
    verified: bool
    place: Place


def read_name_check(f: Fields) -> NameCheck | None:
    """The section of service.yaml; None where the service registers no names.

    Reports `pack.E667` for a term of no days, or a part to vary that no question asks for.
    """
    section = f.section(KEY, required=False)
    if section is None:
        return None
    fields = section.section("fields") or section
    found = NameCheck(
        field_formula(section, "name"),
        section.strings("questions"),
        section.string("variant"),
        section.string("kind", required=False),
        section.string("register"),
        fields.string("name"),
        fields.string("variant"),
        fields.string("kind", required=False),
        section.strings("decisions", required=False),
        whole(section, "days"),
        law_of(section, section.node),
        section.boolean("verified"),
        section.place(),
    )
    fields.done()
    section.done()
    if not found.days or found.variant not in found.questions:
        f.report(
            fault(
                "pack.E667",
                Text(
                    "名称预留至少一天；可变的部分须是其中一个问题。",
                    "A name is reserved for a day at least, and the part that varies is one of its "
                    "questions.",
                ),
                section.place("days" if not found.days else "variant"),
                Text("例如 variant: brand，days: 60。", "For example variant: brand, days: 60."),
            )
        )
    return found
