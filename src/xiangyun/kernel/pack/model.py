"""A pack: one service as pure values, read once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from xiangyun.kernel.bpmn import Process
from xiangyun.kernel.dmn import Model
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.pack.certificate import CertificateSpec
from xiangyun.kernel.pack.examples import Example
from xiangyun.kernel.pack.item import ServiceItem
from xiangyun.kernel.pack.letters import Texts
from xiangyun.kernel.pack.parameters import Parameters
from xiangyun.kernel.pack.shown import shown


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A service: its item, process, rules, form, figures, certificate, words and examples."""

    item: ServiceItem
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

    @property
    def code(self) -> str:
        return self.item.code

    def words(self, key: str) -> Text:
        """The words of a key in both languages; the key itself where a pack does not have them.

        A step that is no task has no title of its own: `task.<id>` is then its name in the drawing.
        """
        kind, _, id = key.partition(".")
        if kind == "task" and id in self.process.elements and key not in self.texts["zh-Hans"]:
            return self.words(f"element.{id}")
        zh = self.texts["zh-Hans"].get(key)
        en = self.texts["en"].get(key)
        chinese = zh.words if zh else self._drawn(key)
        return Text(chinese or key, en.words if en else chinese or key)

    def _drawn(self, key: str) -> str:
        """The Chinese name of an element or flow, which stands in the drawing itself."""
        kind, _, id = key.partition(".")
        element, flow = self.process.elements.get(id), self.process.flows.get(id)
        if kind != "element":
            return ""
        return element.name if element else flow.name if flow else ""

    def labels(self, language: str) -> dict[str, str]:
        """The words of the drawing by element and flow id, for `bpmn.draw`."""
        elements, flows = self.process.elements.values(), self.process.flows.values()
        named = [e.id for e in elements if e.name] + [f.id for f in flows if f.name]
        return {id: self.words(f"element.{id}").pick(language) for id in named}

    def subject(self, variables: Mapping[str, Value]) -> str:
        """What one case is about, for lists of cases: such as the name of the company."""
        formula = self.item.subject
        return shown(formula.value(variables), "zh") if formula else ""


def digest_of(files: Mapping[str, str]) -> str:
    """One SHA-256 over all files and their names, whatever their order."""
    whole = sha256()
    for path in sorted(files):
        for part in (path, files[path]):
            data = part.encode()
            whole.update(len(data).to_bytes(8, "big"))
            whole.update(data)
    return whole.hexdigest()
