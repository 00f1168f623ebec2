"""May this drawing be published? Every fault at once, by name, id and line; nothing is skipped.

Rules of form from BPMN 2.0.2 (clauses 8 to 13), and what the engine needs to run an element.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from xiangyun.kernel.bpmn.calls import proved_together
from xiangyun.kernel.bpmn.check_gates import gate_findings
from xiangyun.kernel.bpmn.check_ways import structure_findings
from xiangyun.kernel.bpmn.dialects import Translation
from xiangyun.kernel.bpmn.extensions import check_extensions
from xiangyun.kernel.bpmn.model import Process
from xiangyun.kernel.bpmn.read import Document, read_document
from xiangyun.kernel.conditions.gates import Choices
from xiangyun.kernel.feel.host import HOST_NAMES
from xiangyun.kernel.findings import Finding, Place, Refused, Text

ChoicesOf = Callable[[Sequence[Process]], Mapping[str, Choices]]
"""What is known of the variables of processes, by their files, once they are understood."""


def read_process(
    text: str | bytes, file: str = "process.bpmn", names: Collection[str] = HOST_NAMES
) -> Process:
    """The one process of a file, compiled and ready to run.

    `names`: names with blanks that FEEL must know besides those the process sets itself.
    Raises `Refused` with all findings when there is any error.
    """
    document = read_document(text, file, names)
    findings = document_findings(document)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise Refused(errors)
    return _chosen(document)[0]


def read_processes(
    files: Mapping[str, str],
    names: Collection[str] = HOST_NAMES,
    choices: ChoicesOf | None = None,
) -> tuple[dict[str, Process], list[Finding]]:
    """Processes that may call each other, by file, and all that is wrong with them.

    `choices` gives, by file, the variables of which all possible values are known. A file with an
    error has no process here.
    """
    documents: list[Document] = []
    findings: list[Finding] = []
    for file, text in files.items():
        try:
            documents.append(read_document(text, file, names))
        except Refused as refused:
            findings += refused.findings
    findings += document_findings(*documents, choices=choices)
    wrong = {each.place.file for each in findings if each.severity == "error" and each.place}
    read = {each.file: _chosen(each)[0] for each in documents if each.file not in wrong}
    return read, findings


def check_process(
    text: str | bytes, file: str = "process.bpmn", names: Collection[str] = HOST_NAMES
) -> list[Finding]:
    """All that is wrong with a process, in the order of the file; empty for a good one."""
    try:
        document = read_document(text, file, names)
    except Refused as refused:
        return refused.findings
    return [*document_findings(document), *check_extensions(text, file)]


def document_findings(*documents: Document, choices: ChoicesOf | None = None) -> list[Finding]:
    """What keeps the processes of understood files from running, file by file.

    Several files hold processes that may call each other: calls between them are proved through.
    What a process calls that is in none of them may end in any way.
    """
    chosen = [process for document in documents for process in _chosen(document)]
    known = choices(chosen) if choices is not None else {}
    found = {
        document.file: _formed(document, known.get(document.file, {})) for document in documents
    }
    sound = {
        process.id: process
        for document in documents
        for process in _chosen(document)
        if not any(finding.severity == "error" for finding in found[document.file])
    }
    for name, proved in proved_together(sound).items():
        found[sound[name].file] += proved
    return [
        finding
        for findings in found.values()
        for finding in sorted(findings, key=lambda each: each.place.line if each.place else 0)
    ]


def _formed(document: Document, choices: Choices) -> list[Finding]:
    """Faults of reading and of form; soundness not yet asked."""
    chosen = _chosen(document)
    findings = list(document.findings)
    if len(chosen) != 1:
        findings.append(_not_one(document, len(chosen)))
    for process in chosen:
        findings += structure_findings(process)
        findings += gate_findings(process, choices)
    if document.translation is not None:
        findings = _unexplained(findings, document.translation)
    elif findings and not _executable(document):
        findings.insert(0, _only_drawn(document))
    return findings


# What an element lacks because another engine says it in words of its own.
_EXPLAINED = frozenset(
    f"bpmn.{n}" for n in ("E022", "E030", "E031", "E032", "E034", "E036", "E038")
)


def _unexplained(findings: list[Finding], translation: Translation) -> list[Finding]:
    """The findings without those that the finding about the dialect says already."""
    told = {line for each in translation.left for line in (each.line, each.owner)}
    return [
        each
        for each in findings
        if not (each.id in _EXPLAINED and each.place and each.place.line in told)
    ]


def _executable(document: Document) -> bool:
    return any(process.executable for process in document.processes)


def _only_drawn(document: Document) -> Finding:
    return Finding(
        "bpmn.N010",
        "note",
        Text(
            "这个流程只是画出来的，没有标为可执行；下面是真要执行还缺的。",
            "This process is only drawn, not marked as executable; what follows is what it lacks"
            " to run.",
        ),
        Place(document.file, document.page.root.line),
        Text(
            "只作说明的图不必改；要执行请设 isExecutable 并逐条补齐。",
            "A drawing that only explains may stay; to run it, set isExecutable and fill in.",
        ),
    )


def _chosen(document: Document) -> list[Process]:
    """The executable process; a file with a single process need not say that it is executable."""
    drawn = [each for each in document.processes if each.elements]
    return [each for each in drawn if each.executable] or drawn


def _not_one(document: Document, count: int) -> Finding:
    return Finding(
        "bpmn.E002",
        "error",
        Text(
            "文件里应当有一个可执行的流程，现在有 {count} 个。",
            "A file holds one executable process; this one holds {count}.",
            count=count,
        ),
        Place(document.file, document.page.root.line),
        Text("每个流程一个文件。", "Keep each process in a file of its own."),
    )
