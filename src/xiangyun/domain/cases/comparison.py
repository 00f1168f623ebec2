"""Cases compared with what the journal says of them.

Where the process stands and with which variables; outcome, tasks, materials.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import F, Func, TextField, Value

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files import queries as files
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.comparisons import compares, differs
from xiangyun.domain.journal.leaf import Recorded
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack.taskforms import ANSWERS
from xiangyun.manifest import verbs

from .following import FOLLOWED
from .models import Case, Evidence, Kind, Material, TaskAnswers, WorkItem
from .recording import ARCHIVED
from .store import BEGINNINGS, STANDING, digest_of

_CHUNK = 500


@compares("cases")
def compare() -> Iterator[Finding]:
    """Every case against its entries, in pieces; then entries whose case is gone."""
    last = ""
    while cases := list(
        Case.objects.filter(number__gt=last)
        .select_related("version")
        .defer("version__files")
        .order_by("number")[:_CHUNK]
    ):
        last = cases[-1].number
        entries = journal.entries_about([case.number for case in cases])
        done: dict[Any, list[WorkItem]] = defaultdict(list)
        ids = [case.pk for case in cases]
        for work_item in WorkItem.objects.filter(case__in=ids, by__isnull=False):
            done[work_item.case_id].append(work_item)
        materials: dict[Any, list[Material]] = defaultdict(list)
        for material in _hashed(ids):
            materials[material.draft_id].append(material)
        for case in cases:
            found = entries[case.number]
            yield from _origin(case, found)
            yield from _ending(case, found)
            yield from _standing(case, found)
            yield from _tasks(case, done[case.pk], found)
            yield from _materials(case, materials[case.pk], found)
            if _has_forms(case):
                yield from _answers(case, done[case.pk], found)
    submitted = (entry.subject for entry in journal.entries_of(*BEGINNINGS))
    while numbers := list(islice(submitted, _CHUNK)):
        there = Case.objects.filter(number__in=numbers).values_list("number", flat=True)
        missing = {*numbers} - {*there}
        moved = {
            number
            for number, found in journal.entries_about(missing).items()
            if any(entry.verb == ARCHIVED for entry in found)
        }
        for gone in sorted(missing - moved):
            yield differs(
                "audit.E006", Text("办件 {gone} 不见了。", "The case {gone} is gone.", gone=gone)
            )


def _origin(case: Case, entries: Iterable[Recorded]) -> Iterator[Finding]:
    number = case.number
    submitted = next((e for e in entries if e.verb in BEGINNINGS), None)
    if submitted is None:
        yield differs(
            "audit.E001",
            Text(
                "办件 {number} 没有提交记录。",
                "The case {number} has no entry of submission.",
                number=number,
            ),
        )
        return
    moved = [e for e in entries if e.verb == "case.migrated"]
    version = moved[-1].data["to"] if moved else submitted.data["version"]
    # It followed a party that was joined, or a division that was merged: the last one says where.
    lies = next((e for e in reversed([*entries]) if e.verb == FOLLOWED), submitted)
    said = (lies.division, lies.owner, submitted.data["service"], version, submitted.at)
    stands = (
        *(case.division, case.owner, catalogue.pack(case.version_id).code, case.version.number),
        case.submitted_at,
    )
    names = ("division", "owner", "service", "version", "submitted_at")
    for name, one, other in zip(names, stands, said, strict=True):
        if one != other:
            yield differs(
                "audit.E002",
                Text(
                    "办件 {number} 的 {name} 是 {one}，日志记的是 {other}。",
                    "The {name} of the case {number} is {one}; the journal says {other}.",
                    number=number,
                    name=name,
                    one=one,
                    other=other,
                ),
            )


def _ending(case: Case, entries: Iterable[Recorded]) -> Iterator[Finding]:
    ended = [e for e in entries if e.verb == "case.ended"]
    said = (str(ended[-1].data.get("outcome") or ""), ended[-1].at) if ended else ("", None)
    stands = (case.outcome, case.ended_at)
    if stands != said:
        yield differs(
            "audit.E003",
            Text(
                "办件 {number} 的结果是“{stands}”（{stands2}），日志记的是“{said}”（{said2}）。",
                "The outcome of the case {number} is “{stands}” ({stands2}); "
                "the journal says “{said}” ({said2}).",
                number=case.number,
                stands=stands[0],
                stands2=stands[1],
                said=said[0],
                said2=said[1],
            ),
        )


def _standing(case: Case, entries: Sequence[Recorded]) -> Iterator[Finding]:
    """The process and its variables, as its last step left them.

    Steps of an earlier build say nothing of it: of a case that one of them carried on, nothing is
    known until its next step.
    """
    place = next((n for n in reversed(range(len(entries))) if STANDING in entries[n].private), None)
    if place is None:
        return
    said: Any = entries[place].private[STANDING]
    looks = {verb.id for verb in verbs().values() if verb.look}
    if case.revision != said["revision"] and any(e.verb not in looks for e in entries[place + 1 :]):
        return
    if (case.revision, digest_of(case)) != (said["revision"], said["sha256"]):
        yield differs(
            "audit.E009",
            Text(
                "办件 {number} 的流程状态或变量与上一步留下的不符。",
                "The process of the case {number}, or its variables, are not as its last step "
                "left them.",
                number=case.number,
            ),
        )


def _tasks(case: Case, done: Iterable[WorkItem], entries: Iterable[Recorded]) -> Iterator[Finding]:
    """Each task of the drawing that somebody did, with what was pressed and written."""
    stands = Counter((w.element, w.action, w.by, w.note) for w in done if w.kind == Kind.TASK)
    said = Counter(
        (str(e.data["task"]), str(e.data["action"]), e.actor, str(e.private.get("note", "")))
        for e in entries
        if e.verb == "task.done"
    )
    for element, action, *_ in (stands - said) + (said - stands):
        yield differs(
            "audit.E004",
            Text(
                "办件 {number} 的环节 {element}（{action}）与日志不符。",
                "The task {element} ({action}) of the case {number} is not as the journal says.",
                number=case.number,
                element=element,
                action=action,
            ),
        )


def _has_forms(case: Case) -> bool:
    return bool(catalogue.pack(case.version_id).forms)


def _answers(
    case: Case, done: Iterable[WorkItem], entries: Iterable[Recorded]
) -> Iterator[Finding]:
    """What forms of tasks were answered with, and their files, as they were sent."""
    elements = {work_item.token: work_item.element for work_item in done}
    sent = [e for e in entries if e.verb == "task.done" and "evidence" in e.data]
    evidence = [file for file in Evidence.objects.filter(case=case) if file.token in elements]
    asked = {file.question for file in evidence}
    told = Counter((m["question"], m["sha256"]) for e in sent for m in _files_said(e))
    there = Counter((file.question, file.digest) for file in evidence)
    for question, _ in (there - told) + (told - there):
        yield _altered(case, question)
    for file in evidence:
        if files.found_digest(file.digest) != file.digest:
            yield _altered(case, file.question)
    said = [(str(e.data["task"]), _answers_said(e)) for e in sent]
    for row in TaskAnswers.objects.filter(case=case, token__in=elements):
        given = {key: value for key, value in row.answers.items() if value is not None}
        element = elements[row.token]
        if not any(task == element and _typed(one, asked) == given for task, one in said):
            yield differs(
                "audit.E012",
                Text(
                    "办件 {number} 的环节 {element} 的答案与提交时不符。",
                    "The answers of the task {element} of the case {number} are not as sent.",
                    number=case.number,
                    element=element,
                ),
            )


def _files_said(entry: Recorded) -> list[dict[str, str]]:
    said: Any = entry.data["evidence"]
    return list(said)


def _answers_said(entry: Recorded) -> dict[str, Any]:
    fields: Any = entry.private.get("fields") or {}
    return dict(fields.get(ANSWERS) or {})


def _typed(answers: dict[str, Any], files: Collection[str]) -> dict[str, Any]:
    """The answers that were not left empty, without the files."""
    return {k: v for k, v in answers.items() if v is not None and k not in files}


def _hashed(cases: list[Any]) -> Iterable[Material]:
    """The files of these cases without their content; what lies in the database it hashes."""
    content = Func(F("content"), function="sha256", output_field=TextField())
    return (
        Material.objects.filter(draft__in=cases)
        .defer("content")
        .annotate(found=Func(content, Value("hex"), function="encode", output_field=TextField()))
    )


def _materials(
    case: Case, materials: Iterable[Material], entries: Iterable[Recorded]
) -> Iterator[Finding]:
    """Each file as it was handed in; what came after the last entry is being handed in now."""
    told = [e for e in entries if "materials" in e.data]
    stands: Counter[tuple[str, str]] = Counter()
    for file in materials:
        found = file.found or files.found_digest(file.digest)  # type: ignore[attr-defined]
        if found != file.digest:
            yield _altered(case, file.question)
        elif told and file.added_at <= told[-1].at:
            stands[file.question, file.digest] += 1
    if told:
        recorded: Any = told[-1].data["materials"]
        said = Counter((m["question"], m["sha256"]) for m in recorded)
        for question, _ in (stands - said) + (said - stands):
            yield _altered(case, question)


def _altered(case: Case, question: str) -> Finding:
    return differs(
        "audit.E005",
        Text(
            "办件 {number} 的材料（{question}）与提交时不符。",
            "A file of the case {number} ({question}) is not as it was handed in.",
            number=case.number,
            question=question,
        ),
    )
