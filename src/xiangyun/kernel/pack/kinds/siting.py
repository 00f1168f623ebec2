"""`siting.yaml`: where something is to be built, for whom, and at whose cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.service.openings import OFFICIAL
from xiangyun.kernel.siting.declaration import FILE, read_siting


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = read_siting(files[FILE], report) if FILE in files else None
    if found is None:
        return ()
    own = {FILE: files[FILE]}
    return (Declaration(KIND.name, pack, pack, found.name, own, found, Place(FILE, 1)),)


ANSWERS = ("plan_name", "place", "address", "new_sites", "covered", "more", "build")
"""What the form of the service asks that a plan becomes a case of; the plan answers it."""


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    code: str = declaration.value.approval
    services = known.all("service")
    if not code:
        return
    if code not in services:
        if known.judges("service"):
            kind = Text("事项", "service")
            yield unknown("pack.E140", kind, code, services, declaration.value.place)
        return
    pack = services[code].value
    asked = {question.key for question in pack.form.questions}
    missing = [key for key in ANSWERS if key not in asked]
    if missing or pack.service.opening(OFFICIAL) is None:
        yield fault(
            "pack.E141",
            Text(
                "方案不能成为“{code}”的办件：缺少问题 {missing}，或者不能由工作人员立件。",
                "A plan cannot become a case of “{code}”: it lacks the questions {missing}, or "
                "officials do not open its cases.",
                code=code,
                missing=missing,
            ),
            declaration.value.place,
            Text(
                "请在表单里加上这些问题，并在 openings 里写 official。",
                "Add the questions to its form, and `official` to its openings.",
            ),
        )


KIND = Kind(
    "siting",
    Text("布点", "siting"),
    (FILE,),
    lambda path: path == FILE,
    _read,
    _fits,
    referred=False,
)
