"""From the files of a service folder to a Pack, with every fault of every file in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from xiangyun.kernel.bpmn import Process, read_processes
from xiangyun.kernel.conditions.gates import Choices, Path
from xiangyun.kernel.dmn import Model, checked_model
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.formspec import Form, Question, checked_form, kind_of
from xiangyun.kernel.language import is_tag
from xiangyun.kernel.pack import standard, taskforms
from xiangyun.kernel.pack.model import Pack, digest_of
from xiangyun.kernel.packfile import parameters
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import LANGUAGES
from xiangyun.kernel.packfile.parameters import Parameters
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml
from xiangyun.kernel.projection import population
from xiangyun.kernel.projection.population import Population
from xiangyun.kernel.service import certificate
from xiangyun.kernel.service import reader as service
from xiangyun.kernel.service.certificate import CertificateSpec
from xiangyun.kernel.service.examples import Example, read_examples
from xiangyun.kernel.service.letters import Wording, read_texts
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.papers import Paper, name_of, read_papers

T = TypeVar("T")

PROCESS, RULES, FORM, CHANGES = "process.bpmn", "rules.dmn", "form.json", "CHANGES.md"
TEXTS = {language: f"texts/{language}.yaml" for language in LANGUAGES}
REQUIRED = (service.FILE, PROCESS, parameters.FILE, FORM, *TEXTS.values(), CHANGES)
OPTIONAL = (RULES, certificate.FILE, population.FILE)
"""The first two are required as soon as the process decides, or the result is a certificate."""


@dataclass(slots=True)
class PackSources:
    """What could be read of a pack; None where a file is missing or beyond reading."""

    files: Mapping[str, str]
    service: ServiceItem | None = None
    process: Process | None = None
    called: dict[str, Process] = field(default_factory=dict)
    """By their files, without those with an error."""
    rules: Model | None = None
    form: Form | None = None
    parameters: Parameters | None = None
    certificate: CertificateSpec | None = None
    texts: Mapping[str, Mapping[str, Wording]] | None = None
    examples: tuple[Example, ...] = ()
    population: Population | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)
    """Of tasks, by their names, without those with an error."""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    way: standard.Way | None = None
    """The standard way that the item names; what it brings is no file of the pack."""

    def pack(self) -> Pack:
        """The whole. Call it when nothing was refused."""
        if not (self.service and self.process and self.form and self.parameters and self.texts):
            raise ValueError("sources of the pack are missing; look at the findings first")
        return Pack(
            self.service,
            self.process,
            self.rules,
            self.form,
            self.parameters,
            self.certificate,
            self.texts,
            self.examples,
            self.files.get(CHANGES, ""),
            digest_of(self.files),
            {process.id: process for process in self.called.values()},
            self.population,
            self.forms,
            self.papers,
        )

    def brought(self, place: Place) -> bool:
        """Whether what stands there is text of the standard way, which was proved once."""
        return self.way is not None and place.file == self.way.name

    @property
    def processes(self) -> tuple[Process, ...]:
        """All processes that could be read, the main one first."""
        return (*((self.process,) if self.process else ()), *self.called.values())


def read_sources(files: Mapping[str, str], report: Report) -> PackSources:
    """Read each file by itself; how they fit together is another matter."""
    sources = PackSources(files)
    _read_yaml_files(sources, report)
    if sources.way is None:
        for path in REQUIRED:
            if path not in files:
                report(missing(path))
        if not any(_is_example(path) for path in files):
            report(missing("examples/01-….yaml"))
    words = {
        tag: {key: found.words for key, found in texts.items()}
        for tag, texts in (sources.texts or {}).items()
    }
    in_all = partial(checked_form, texts=words)
    if sources.way and sources.service and FORM not in files:
        sources.form, found = in_all(standard.form_text(sources.service), FORM)
        for finding in found:
            report(finding)
    else:
        sources.form = _sound(sources, FORM, in_all, report)
        if sources.way and sources.service and sources.form:
            for wrong in standard.own_form_wrong(sources.form, sources.service, sources.way):
                report(wrong)
    sources.forms = dict(_task_forms(sources, words, report))
    _read_processes(sources, report)
    sources.rules = _sound(sources, RULES, checked_model, report)
    return sources


def read_held(
    files: Mapping[str, str],
) -> tuple[ServiceItem, Parameters, Model | None]:
    """Of a published pack what sheets of places are held to: the item, its figures, its rules.

    Drawing, form and words are not read, which are most of the work. Raises Refused where these
    cannot be read.
    """
    findings: list[Finding] = []
    ruled = {path: files[path] for path in (service.FILE, parameters.FILE) if path in files}
    sources = PackSources(ruled)
    if found := read_yaml(files.get(service.FILE, ""), service.FILE, findings.append):
        _read_service(sources, found, findings.append)
    figures: Parameters | None = None
    said = files.get(parameters.FILE)
    if said and (found := read_yaml(said, parameters.FILE, findings.append)):
        figures = parameters.read_parameters(found, findings.append)
    if sources.way and sources.service:
        figures = standard.figures().with_others(figures)
    rules = _sound(PackSources(files), RULES, checked_model, findings.append)
    if sources.service is None or figures is None:
        raise Refused(findings)
    return sources.service, figures, rules


def read_item(text: str) -> ServiceItem:
    """The item of a published pack by its service.yaml alone. Raises Refused where it is none."""
    findings: list[Finding] = []
    sources = PackSources({service.FILE: text})
    if found := read_yaml(text, service.FILE, findings.append):
        _read_service(sources, found, findings.append)
    if sources.service is None:
        raise Refused(findings)
    return sources.service


def _read_yaml_files(sources: PackSources, report: Report) -> None:
    def root(path: str) -> Node | None:
        return read_yaml(sources.files[path], path, report) if path in sources.files else None

    if found := root(service.FILE):
        _read_service(sources, found, report)
    if found := root(parameters.FILE):
        sources.parameters = parameters.read_parameters(found, report)
    if found := root(certificate.FILE):
        sources.certificate = certificate.read_certificate(found, report)
    if found := root(population.FILE):
        sources.population = population.read_population(found, report)
    texts = {language_of(path): root(path) for path in (*TEXTS.values(), *further(sources.files))}
    sources.texts = {language: read_texts(node, report) for language, node in texts.items() if node}
    if sources.way and sources.service:
        sources.parameters = standard.figures().with_others(sources.parameters)
        brought = standard.wordings(sources.way, sources.service)
        own = sources.texts
        sources.texts = {**own, **{tag: {**brought[tag], **own.get(tag, {})} for tag in brought}}
    examples = {path: root(path) for path in sorted(sources.files) if _is_example(path)}
    papers = {path: root(path) for path in sorted(sources.files) if name_of(path)}
    sources.papers = read_papers({p: node for p, node in papers.items() if node}, report)
    sources.examples = read_examples({p: node for p, node in examples.items() if node}, report)


def _read_service(sources: PackSources, root: Node, report: Report) -> None:
    """The item; what its standard way says of it, it need not say."""
    way = sources.way = standard.way_of(root, report)
    item = service.read_service(standard.completed(root, way) if way else root, report)
    if way is not None:
        for finding in standard.own_files_wrong(sources.files, way):
            report(finding)
        if FORM not in sources.files:
            item = standard.taken_by_form(item)
    sources.service = item


def language_of(path: str) -> str:
    """The language of a file of words, by its name: ko of texts/ko.yaml; else nothing."""
    found = re.fullmatch(r"texts/([^/]+)\.yaml", path)
    return found[1] if found and is_tag(found[1]) else ""


def further(paths: Iterable[str]) -> list[str]:
    """The files of words in further languages, which may lack any key."""
    return [path for path in sorted(paths) if language_of(path) not in ("", *LANGUAGES)]


def _read_processes(sources: PackSources, report: Report) -> None:
    """All processes at once: they are proved through their calls."""
    if sources.way and sources.service:
        sources.process = standard.drawing(sources.way, sources.service.result.certificate or "")
        return
    paths = [path for path in sorted(sources.files) if path == PROCESS or is_called_file(path)]
    found, findings = read_processes(
        {path: sources.files[path] for path in paths}, choices=partial(_choices, sources)
    )
    for finding in findings:
        report(finding)
    sources.process = found.pop(PROCESS, None)
    sources.called = found


def _task_forms(
    sources: PackSources, words: Mapping[str, Mapping[str, str]], report: Report
) -> Iterator[tuple[str, Form]]:
    for path in sorted(sources.files):
        if name := taskforms.name_of(path):
            read = partial(checked_form, texts=taskforms.words_in(words, name))
            if form := _sound(sources, path, read, report):
                yield name, form


def _choices(sources: PackSources, processes: Sequence[Process]) -> dict[str, Choices]:
    """What the gates of each file can be proved over."""
    named = taskforms.forms_by_name(taskforms.forms_by_task(processes))
    of_tasks: dict[Path, tuple[Value, ...]] = {}
    for name, form in named.items():
        if form in sources.forms:
            of_tasks |= choices_of(sources.forms[form], (taskforms.TASKS, name))
    application = choices_of(sources.form) if sources.form else {}
    found: dict[str, Choices] = dict.fromkeys((each.file for each in processes), of_tasks)
    return {**found, PROCESS: {**application, **of_tasks}}


def choices_of(form: Form, under: Path = ("application",)) -> dict[Path, tuple[Value, ...]]:
    """The answers that a question with options can have; null where it may stay empty."""
    return {
        (*under, question.key): (
            *(option.value for option in question.options),
            *((None,) if may_stay_empty(question) else ()),
        )
        for question in form.questions
        if question.options and not kind_of(question).several
    }


def may_stay_empty(question: Question) -> bool:
    """Whether an application may be sent without an answer to this question."""
    return not question.required or bool(question.hidden_if)


def is_called_file(path: str) -> bool:
    """Whether a file holds a process that another one calls."""
    return re.fullmatch(r"processes/[^/]+\.bpmn", path) is not None


def _sound(
    sources: PackSources,
    path: str,
    checked: Callable[[str, str], tuple[T | None, list[Finding]]],
    report: Report,
) -> T | None:
    """The value of a file when its own checker finds no error; all its findings are reported."""
    text = sources.files.get(path)
    if text is None:
        return None
    value, findings = checked(text, path)
    for finding in findings:
        report(finding)
    return value


def _is_example(path: str) -> bool:
    return path.startswith("examples/") and path.endswith(".yaml")


def missing(path: str) -> Finding:
    """A file that a pack must have."""
    return fault(
        "pack.E001",
        Text("缺少文件 {path}。", "The file {path} is missing.", path=path),
        Place(path),
        Text(
            "可以从别的事项复制一份，再改成本事项的内容。",
            "Copy it from another service and change it to fit this one.",
        ),
    )
