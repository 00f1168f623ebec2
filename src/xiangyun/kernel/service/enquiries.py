"""Questions inside a case (咨询): which role answers what its applicant asks, by what term."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields, whole

KEY = "asked_in_case"


@dataclass(frozen=True, slots=True)
class EnquiryRule:
    """Who answers, and within how many working days after the day of the question."""

    role: str
    days: int


def read_enquiries(f: Fields, roles: tuple[str, ...], need: int) -> EnquiryRule | None:
    """The rule of a service; None where its cases take no questions.

    Reports `pack.E660` for a role that the service has not or a term that is none, and
    `pack.E661` where only its handlers may know of a case: what is asked lies beside it, in clear.
    """
    section = f.section(KEY, required=False)
    if section is None:
        return None
    found = EnquiryRule(section.string("role"), whole(section, "days"))
    section.done()
    officials = [role for role in roles if role != "applicant"]
    if found.role and found.role not in officials:
        word = Text("答复的岗位", "role that answers")
        f.report(unknown("pack.E660", word, found.role, officials, section.place("role")))
    if not found.days:
        f.report(
            fault(
                "pack.E660",
                Text("答复的期限至少一个工作日。", "The term of an answer is one day at least."),
                section.place("days"),
                Text("例如 days: 2。", "For example days: 2."),
            )
        )
    if need:
        f.report(
            fault(
                "pack.E661",
                Text(
                    "只有经办人能看的办件不在办件里提问：问答放在办件以外，不加密。",
                    "Cases that only their handlers may know take no questions: these lie beside "
                    "the case, in clear.",
                ),
                f.place(KEY),
                Text("请删去 asked_in_case。", "Take asked_in_case out."),
                "warning",  # nothing can be asked in such a case, whatever the service says
            )
        )
    return found
