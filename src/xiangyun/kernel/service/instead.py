"""What may stand instead of a paper: a certificate, a promise, or the paper itself later on.

`instead` of a material in service.yaml: 证照代替 `certificates`, 告知承诺 `promise`, 容缺 `later`.
"""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.laws import law_of

CERTIFICATE, PROMISE, LATER, EARLIER = "certificate", "promise", "later", "earlier"
WAYS = {
    CERTIFICATE: Text("证照代替", "certificate instead"),
    PROMISE: Text("告知承诺", "promised"),
    LATER: Text("容缺后补", "to follow"),
    EARLIER: Text("以前交过的文件", "file of an earlier case"),
}
"""The ways in which a question for a file is answered without a new file."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised instead of proven: the text shown, and who checks it, how long after."""

    words: Text
    checked_by: str
    days: int
    """Days after the case has ended within which it is checked."""
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Later:
    """A secondary paper that may follow: its term in days from the application, and a reminder."""

    days: int
    remind: int
    """Days before the last one on which the applicant is reminded."""
    told: str
    """The role that is told when it did not come."""


@dataclass(frozen=True, slots=True)
class Instead:
    """The ways that a material allows besides the paper; all empty: the paper alone."""

    certificates: tuple[str, ...] = ()
    promise: Promise | None = None
    later: Later | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """The names of the ways that are allowed, as in `WAYS`."""
        found = (CERTIFICATE, self.certificates), (PROMISE, self.promise), (LATER, self.later)
        return tuple(way for way, given in found if given)

    def __bool__(self) -> bool:
        return bool(self.certificates or self.promise or self.later)


NOTHING = Instead()


def read_instead(m: Fields, question: str | None) -> Instead:
    """The ways of a material; reports `pack.E662` where no question takes it, `pack.E663` for
    terms that are none."""
    section = m.section("instead", required=False)
    if section is None:
        return NOTHING
    found = Instead(
        section.strings("certificates", required=False), _promise(section), _later(section)
    )
    section.done()
    if question is None:
        m.report(
            fault(
                "pack.E662",
                Text(
                    "没有问题收这份材料，谈不上用别的代替。",
                    "No question takes this material, so nothing can stand instead of it.",
                ),
                m.place("instead"),
                Text("请写 question，或删去 instead。", "Name the question, or take instead out."),
            )
        )
    return found


def _promise(f: Fields) -> Promise | None:
    p = f.section("promise", required=False)
    if p is None:
        return None
    found = Promise(
        p.words("words"),
        p.string("checked_by"),
        whole(p, "days"),
        law_of(p, p.node),
        p.boolean("verified"),
    )
    p.done()
    if not found.days:
        p.report(_no_term(p, "days"))
    return found


def _later(f: Fields) -> Later | None:
    later = f.section("later", required=False)
    if later is None:
        return None
    found = Later(whole(later, "days"), whole(later, "remind"), later.string("told"))
    later.done()
    if not found.days:
        later.report(_no_term(later, "days"))
    elif found.remind >= found.days:
        later.report(_no_term(later, "remind"))
    return found


def _no_term(f: Fields, key: str) -> Finding:
    return fault(
        "pack.E663",
        Text(
            "期限至少一天，提醒在期限以内。",
            "A term is one day at least, and a reminder comes within it.",
        ),
        f.place(key),
        Text("例如 days: 20，remind: 5。", "For example days: 20 and remind: 5."),
    )
