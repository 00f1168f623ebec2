"""A pack: one service as pure values, read once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from xiangyun.kernel.bpmn import Element, Flow, Process
from xiangyun.kernel.connector import Connector
from xiangyun.kernel.connector.requirement import Requirement
from xiangyun.kernel.dmn import Model
from xiangyun.kernel.feel import Value
from xiangyun.kernel.feel.within import asks_the_time
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.language import CHINESE, Language
from xiangyun.kernel.occasion.resource import Resource
from xiangyun.kernel.pack.taskforms import forms_by_name, forms_by_task
from xiangyun.kernel.packfile.citation import cited
from xiangyun.kernel.packfile.display import NUMBERS, Format, shown
from xiangyun.kernel.packfile.parameters import Parameters
from xiangyun.kernel.projection import Population
from xiangyun.kernel.service.certificate import CertificateSpec
from xiangyun.kernel.service.examples import Example
from xiangyun.kernel.service.letters import Texts
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.papers import Paper


@dataclass(frozen=True, eq=False)
class Pack:
    """A whole service: item, processes, rules, form, figures, certificate, words, examples.

    `process` is the way of a case. No two of a pack's processes use one element id.
    """

    service: ServiceItem
    process: Process
    rules: Model | None
    form: Form
    parameters: Parameters
    certificate: CertificateSpec | None
    texts: Texts
    examples: tuple[Example, ...]
    changes: str
    digest: str
    """SHA-256 of all files, in hexadecimal."""
    called: Mapping[str, Process] = field(default_factory=dict)
    """The processes that the main one calls, or that those call, by their ids."""
    population: Population | None = None
    """How its decisions are made for every row of a register; None where it does not say."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """The forms of tasks by their names."""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    """The papers that applicants fill in themselves, by their names."""
    connectors: Mapping[str, Connector] = field(default_factory=dict)
    """The connectors that its test doubles are made of, by their codes: those that were declared
    beside it or elsewhere when it was read for a rehearsal; none in a case."""
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    """Who gives evidence in a rehearsal, by the codes of requirements; known in the same way."""
    resources: Mapping[str, Resource] = field(default_factory=dict)
    """What can be booked in a rehearsal, by their codes; known in the same way."""

    @property
    def code(self) -> str:
        return self.service.code

    @property
    def writes_letters(self) -> bool:
        """Whether it has words for letters."""
        return any(key.startswith("letter.") for key in self.texts.get(CHINESE.tag, ()))

    def process_of(self, id: str) -> Process:
        """A called process by its id, the main one for the empty id. Raises KeyError."""
        return self.called[id] if id else self.process

    @cached_property
    def processes(self) -> tuple[Process, ...]:
        """The main process and all called ones."""
        return (self.process, *self.called.values())

    @cached_property
    def elements(self) -> Mapping[str, Element]:
        """Every element of every process by its id."""
        return {id: each for process in self.processes for id, each in process.elements.items()}

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """Every sequence flow of every process by its id."""
        return {id: each for process in self.processes for id, each in process.flows.items()}

    @cached_property
    def forms_by_task(self) -> Mapping[str, str]:
        """The names of forms by the ids of the tasks that ask for them."""
        return forms_by_task(self.processes)

    def task_form(self, element: str) -> Form | None:
        """The form of a task by its id; None for one without."""
        name = self.forms_by_task.get(element)
        return None if name is None else self.forms[name]

    @cached_property
    def formats(self) -> Mapping[str, Format]:
        """How numbers are written that forms declare so, by their paths: `application.price`."""
        forms = {"application": self.form}
        forms |= {f"tasks.{task}": self.forms[name] for task, name in self.forms_by_task.items()}
        return {
            f"{path}.{question.key}": Format(question.rules.format, question.rules.decimals)
            for path, form in forms.items()
            for question in form.questions
            if question.rules.format in NUMBERS
        }

    @cached_property
    def undone(self) -> Mapping[str, Value]:
        """What the variable `tasks` begins with: each task with a form, as null."""
        return dict.fromkeys(forms_by_name(self.forms_by_task))

    @cached_property
    def asks_the_time(self) -> bool:
        """Whether a formula of a process, or a rule, asks for `today()` or `now()`."""
        return asks_the_time(self.processes, self.rules)

    @cached_property
    def unset(self) -> Mapping[str, Value]:
        """Every variable that any process may set, as null: what is not set yet."""
        return dict.fromkeys(name for process in self.processes for name in process.sets)

    def words(self, key: str, otherwise: str = "") -> Text:
        """The words of a key in every language the pack has them in.

        Where it has none: `otherwise`, or the key itself.

        A step that is no task has no title of its own: `task.<id>` is then its name in the drawing.
        """
        kind, _, id = key.partition(".")
        if kind == "task" and id in self.elements and key not in self.texts["zh-Hans"]:
            return self.words(f"element.{id}")
        found = {tag: texts[key].words for tag, texts in self.texts.items() if key in texts}
        chinese = found.pop("zh-Hans", "") or self._drawn(key) or otherwise or key
        return Text.given(chinese, found.pop("en", "") or chinese, found)

    def law(self, basis: str) -> Text:
        """A citation of a law, in every language that the service has the law's name in."""
        return cited(basis, (each.law for each in self.service.legal_basis))

    def _drawn(self, key: str) -> str:
        """The Chinese name of an element or flow, which stands in the drawing itself."""
        kind, _, id = key.partition(".")
        if kind != "element":
            return ""
        named = self.elements.get(id) or self.flows.get(id) or self.called.get(id)
        return named.name if named else ""

    def labels(self, language: Language) -> dict[str, str]:
        """The words of the drawing by element and flow id, for `bpmn.draw`."""
        named = [e.id for e in self.elements.values() if e.name]
        named += [flow.id for flow in self.flows.values() if flow.name]
        named += [process.id for process in self.called.values() if process.name]
        return {id: self.words(f"element.{id}").pick(language) for id in named}

    @cached_property
    def subject_reads(self) -> frozenset[str]:
        """The variables that say what a case is about."""
        formula = self.service.subject
        return formula.expression.values_read if formula else frozenset()

    def subject(self, variables: Mapping[str, Value]) -> str:
        """What one case is about, for lists of cases: such as the name of the company."""
        formula = self.service.subject
        return shown(formula.value(variables), CHINESE) if formula else ""


def digest_of(files: Mapping[str, str]) -> str:
    """One SHA-256 over all files and their names, whatever their order."""
    whole = sha256()
    for path in sorted(files):
        for part in (path, files[path]):
            data = part.encode()
            whole.update(len(data).to_bytes(8, "big"))
            whole.update(data)
    return whole.hexdigest()
