"""Cases that a service opens of other services: are there such, and do they open so?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.openings import CASE, HOW
from xiangyun.kernel.service.tasks import case_open

DUTIES, DRAWS, FORM, SERVICE = "duties.yaml", "draws.yaml", "form.json", "service.yaml"
_OWN_NUMBER = re.compile(r"\bname:\s*[\"']?case\b")


def names_services(files: Mapping[str, str]) -> bool:
    """Whether files of a pack may name other services, or number cases as they do, so that these
    are worth reading."""
    return (
        DUTIES in files
        or DRAWS in files
        or _OWN_NUMBER.search(files.get(SERVICE, "")) is not None
        or any(case_open.TYPE.name in text for text in files.values())
    )


class Opened(Protocol):
    """What is asked of a service whose cases something else opens."""

    @property
    def service(self) -> ServiceItem | None: ...
    @property
    def form(self) -> Form | None: ...


def check_opened(
    processes: Iterable[Process], services: Mapping[str, Opened], *, whole: bool
) -> Iterator[Finding]:
    """What is wrong with every `case.open`. `whole`: whether the services are all there are."""
    for process in processes:
        for element in process.elements.values():
            if element.type is not None and element.type.text == case_open.TYPE.name:
                place = Place(process.file, element.line)
                code = element.headers.get("service", "").strip()
                answers = _answers(element)
                yield from opened_by(CASE, code, answers, services, place, whole=whole)


def opened_by(
    how: str,
    code: str,
    answers: Iterable[str],
    services: Mapping[str, Opened],
    place: Place,
    *,
    whole: bool,
) -> Iterator[Finding]:
    """What keeps a service from being opened in this way with these answers."""
    found = services.get(code)
    if found is None or found.service is None:
        if code and whole:
            yield unknown("pack.E082", Text("事项", "service"), code, services, place)
        return
    if found.service.opening(how) is None:
        yield fault(
            "pack.E082",
            Text(
                "“{code}”的 openings 里没有“{how}”：{words}。",
                "`openings` of “{code}” lacks “{how}”: {words}.",
                code=code,
                how=how,
                words=HOW[how],
            ),
            place,
            Text("请在那个事项里加上，或者另选一个。", "Add it there, or name another service."),
        )
    if found.form is None:
        return
    keys = [question.key for question in found.form.questions]
    for name in sorted(set(answers) - set(keys)):
        yield unknown("pack.E025", Text("表单问题", "form question"), name, keys, place)


def _answers(element: Element) -> set[str]:
    given = {transfer.target.partition(".")[0] for transfer in element.inputs}
    return given - set(case_open.SUBJECT)
