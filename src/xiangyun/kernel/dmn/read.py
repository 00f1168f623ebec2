"""From DMN XML to a `Model`: every fault is a finding with its line, none stops the reading."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from lxml import etree

from xiangyun.kernel.dmn.boxes import BoxReader
from xiangyun.kernel.dmn.items import ItemDefinitions
from xiangyun.kernel.dmn.model import (
    Box,
    Decision,
    Element,
    InputData,
    Knowledge,
    Model,
    Reference,
    Service,
)
from xiangyun.kernel.dmn.xml import (
    child,
    children,
    line_of,
    local,
    name_of,
    parse_xml,
    text_of_child,
)
from xiangyun.kernel.feel.host import HOST_NAMES
from xiangyun.kernel.feel.types import ANY, Type
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.spelling import nearest, perhaps

# Functions the platform places into every FEEL context.
_ELEMENTS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


def read_model(
    text: str | bytes,
    file: str = "rules.dmn",
    *,
    imported: Iterable[Model] = (),
    functions: Iterable[str] = HOST_NAMES,
    implicit_inputs: bool = False,
    strict: bool = True,
) -> Model:
    """Read a DMN 1.1–1.5 file.

    `imported` are the models its imports may name by namespace. `functions` are names of functions
    that will be among the inputs of every decision. With `implicit_inputs`, names that no element
    provides are taken as inputs, as for files whose tool draws none. With `strict` off, what
    cannot be read evaluates to null instead of refusing the file (the kit has such files).

    Raises:
        Refused: with all findings, when there is an error.
    """
    model, findings = read_with_findings(
        text, file, imported=imported, functions=functions, implicit_inputs=implicit_inputs
    )
    errors = [finding for finding in findings if finding.severity == "error"]
    if strict and errors:
        raise Refused(findings)
    return model


MOST = {"decision": 2_000, "inputData": 5_000, "itemDefinition": 5_000, "rule": 20_000}
"""Elements of a file; more are not read."""


def _count(root: etree._Element, file: str) -> None:
    """Refuse more elements than anybody writes, before they are read one by one."""
    for tag, most in MOST.items():
        count = sum(1 for _ in root.iter(f"{{*}}{tag}"))
        if count > most:
            message = Text(
                "文件有 {count} 个 {tag}，最多 {most} 个；没有读下去。",
                "The file has {count} {tag} elements; at most {most} are read.",
                count=count,
                tag=tag,
                most=most,
            )
            hint = Text("请拆成几个文件。", "Split it into several files.")
            raise Refused([Finding("dmn.E014", "error", message, Place(file), hint)])


def _taken_as_inputs(inputs: Iterable[InputData], file: str) -> Finding:
    listed = list(inputs)
    names = ", ".join(each.name for each in listed)
    return Finding(
        "dmn.W003",
        "warning",
        Text(
            "没有元素提供这些名称，当作输入：{names}。",
            "No element provides these names; they are taken as inputs: {names}.",
            names=names,
        ),
        Place(file, listed[0].line),
        Text(
            "用 xiangyun convert 可以补画成输入数据；如果写错了名称，请改正。",
            "xiangyun convert draws them as input data; if a name is misspelt, correct it.",
        ),
    )


_WORDED = re.compile(r"[^\W\d]\w*( \w+)+")


def _worded_inputs(source: etree._Element, known: Collection[str]) -> list[str]:
    """Input expressions of a table that are names with blanks, which FEEL must know to read."""
    texts = [
        " ".join((text_of_child(each, "text") or "").split())
        for each in source.iter("{*}inputExpression")
    ]
    return [text for text in texts if _WORDED.fullmatch(text) and text not in known]


def read_with_findings(
    text: str | bytes,
    file: str,
    *,
    imported: Iterable[Model] = (),
    functions: Iterable[str] = HOST_NAMES,
    implicit_inputs: bool = False,
) -> tuple[Model, list[Finding]]:
    """The model and everything there is to say about its reading."""
    available = {each.namespace: each for each in imported}
    root = parse_xml(text, file)
    _count(root, file)
    reader = _Reader(root, file, available, list(functions), implicit_inputs)
    return reader.model(), reader.findings


class _Reader:
    def __init__(
        self,
        root: etree._Element,
        file: str,
        available: Mapping[str, Model],
        functions: list[str],
        implicit_inputs: bool,
    ) -> None:
        self.functions = functions
        self.implicit_inputs = implicit_inputs
        self.implied: dict[str, InputData] = {}
        self.root = root
        self.file = file
        self.findings: list[Finding] = []
        self.imports = self._imports(available)
        self.aliases = {model.namespace: alias for alias, model in self.imports.items()}
        self.boxes = BoxReader(file, self.findings)
        self.items = ItemDefinitions(
            {alias: model.types for alias, model in self.imports.items()},
            self.boxes.item_tests,
        )
        for definition in children(root, "itemDefinition"):
            self.items.define(definition)
        self.boxes.items = self.items
        self.boxes.language = root.get("expressionLanguage") or ""
        for name, line in dict(self.items.undefined()).items():
            self.boxes.unknown_type(name, line)
        self._check_circles()
        self.sources: dict[str, etree._Element] = {}
        for each in children(root, *_ELEMENTS):
            id_ = each.get("id") or name_of(each)
            if id_ in self.sources:
                self.error(
                    "dmn.E004",
                    Text(
                        "编号“{id}”在第 {line} 行已用过。",
                        "The id “{id}” is used already on line {line}.",
                        id=id_,
                        line=line_of(self.sources[id_]),
                    ),
                    line_of(each),
                    Text("每个元素要有自己的编号。", "Give every element an id of its own."),
                )
            self.sources.setdefault(id_, each)
        self.boxes.provided = frozenset(name_of(each) for each in self.sources.values())
        for name in self._imported_names():
            self.items.component_names.add(name)

    def error(self, id_: str, words: Text, line: int, hint: Text | None = None) -> None:
        self.findings.append(Finding(id_, "error", words, Place(self.file, line), hint))

    def _check_circles(self) -> None:
        for ring, inside in self.items.circles():
            names = " → ".join([*ring, ring[0]])
            line = self.items.lines.get(ring[0], 0)
            if inside:
                message = Text(
                    "类型包含它自己：{names}。", "A type contains itself: {names}.", names=names
                )
                hint = Text(
                    "只有资料本身有限时才能这样用；SQL 和表单不能用。",
                    "Data of such a type must end somewhere; SQL and forms cannot use it.",
                )
                place = Place(self.file, line)
                self.findings.append(Finding("dmn.W002", "warning", message, place, hint))
                continue
            self.error(
                "dmn.E012",
                Text(
                    "类型用它自己来定义，没有任何含义：{names}。",
                    "A type is defined by itself and means nothing: {names}.",
                    names=names,
                ),
                line,
                Text("请让其中一个用基本类型定义。", "Define one of them by a built-in type."),
            )

    def _check_languages(self) -> None:
        """One finding a language, however many cells are written in it."""
        lines: dict[str, list[int]] = {}
        for language, line in dict.fromkeys(self.boxes.other_languages):
            lines.setdefault(language, []).append(line)
        for language, where in lines.items():
            shown = ", ".join(map(str, where[:5])) + (", …" if len(where) > 5 else "")
            self.error(
                "dmn.E013",
                Text(
                    "有 {count} 处用 {language} 写成（第 {shown} 行）；这里只执行 FEEL。",
                    "{count} {count|expression is|expressions are} written in {language} (line"
                    " {shown}); only FEEL is run here.",
                    count=len(where),
                    language=language,
                    shown=shown,
                ),
                where[0],
                Text(
                    "请用 FEEL 重写；xiangyun convert 会改写简单的 ${…}。",
                    "Write them anew in FEEL; xiangyun convert rewrites a plain ${…}.",
                ),
            )

    def model(self) -> Model:
        if local(self.root) != "definitions":
            self.error(
                "dmn.E003", Text("根元素不是 definitions。", "The root is not definitions."), 1
            )
        elements = {id_: self._element(id_, source) for id_, source in self.sources.items()}
        if self.implied:
            self.findings.append(_taken_as_inputs(self.implied.values(), self.file))
            elements |= {each.id: each for each in self.implied.values()}
        self._check_names(elements.values())
        self._check_languages()
        return Model(
            namespace=self.root.get("namespace") or "",
            name=self.root.get("name") or "",
            file=self.file,
            elements=elements,
            types=self.items.types,
            imports=self.imports,
        )

    def _imports(self, available: Mapping[str, Model]) -> dict[str, Model]:
        found: dict[str, Model] = {}
        for each in children(self.root, "import"):
            namespace = each.get("namespace") or ""
            if "dmn" not in (each.get("importType") or "dmn").lower():
                continue
            if namespace in available:
                found[name_of(each)] = available[namespace]
            else:
                self.error(
                    "dmn.E010",
                    Text(
                        "找不到要引入的模型 {namespace}。",
                        "The imported model {namespace} was not found.",
                        namespace=namespace,
                    ),
                    line_of(each),
                )
        return found

    def _imported_names(self) -> set[str]:
        names: set[str] = set()
        for model in self.imports.values():
            names.update(each.name for each in model.elements.values())
            names.update(model.imports)
        return names

    def _check_names(self, elements: Iterable[Element]) -> None:
        seen: dict[str, Element] = {}
        for each in elements:
            if each.name in seen and not {type(each), type(seen[each.name])} & {Service}:
                self.error(
                    "dmn.E004",
                    Text(
                        "名称“{name}”用了两次。", "The name “{name}” is used twice.", name=each.name
                    ),
                    each.line,
                )
            seen[each.name] = each

    # Elements -----------------------------------------------------------------------------------

    def _element(self, id_: str, source: etree._Element) -> Element:
        name, line = name_of(source), line_of(source)
        variable = child(source, "variable")
        type_ = ANY if variable is None else self.type_of(variable)
        kind = local(source)
        if kind == "inputData":
            return InputData(id_, name, type_, line)
        if kind == "decisionService":
            return self._service(id_, name, type_, source)
        requires = self._requirements(source)
        names = [name, *self.functions, *self._names(requires)]
        if kind == "decision":
            box, implied = self._decided(source, names, requires)
            if box is None:
                self.findings.append(
                    Finding(
                        "dmn.W001",
                        "warning",
                        Text(
                            "“{name}”没有决策逻辑。", "“{name}” has no decision logic.", name=name
                        ),
                        Place(self.file, line),
                    )
                )
            return Decision(id_, name, type_, (*requires, *implied), box, line)
        logic = child(source, "encapsulatedLogic")
        function = None if logic is None else self.boxes.function(logic, names)
        return Knowledge(id_, name, type_, requires, function, line)

    def _decided(
        self, source: etree._Element, names: list[str], requires: tuple[Reference, ...]
    ) -> tuple[Box | None, tuple[Reference, ...]]:
        """The logic of a decision, and the inputs that it takes without their being drawn."""
        told = len(self.findings)
        worded = _worded_inputs(source, names) if self.implicit_inputs else []
        self.boxes.missing_names = []
        box = self.boxes.only(source, [*names, *worded])
        missing = [
            name
            for name in dict.fromkeys((*worded, *self.boxes.missing_names))
            if name not in self.boxes.provided
        ]
        if not (self.implicit_inputs and missing):
            return box, ()
        if self.boxes.missing_names:  # once more, now that the names are known
            types = [each for each in self.findings[told:] if each.id == "dmn.E006"]
            self.findings[told:] = types  # these are told once, when first met
            box = self.boxes.only(source, [*names, *missing])
        for name in missing:
            type_ = self._column_type(source, name)
            self.implied.setdefault(name, InputData(f"input:{name}", name, type_, line_of(source)))
        return box, tuple(Reference(f"input:{name}") for name in missing)

    def _column_type(self, source: etree._Element, name: str) -> Type:
        """The type that a column which looks at this name gives it."""
        for each in source.iter("{*}inputExpression"):
            if (text_of_child(each, "text") or "").strip() == name and each.get("typeRef"):
                return self.type_of(each)
        return ANY

    def type_of(self, element: etree._Element) -> Type:
        """The element's typeRef; a name nothing defines is a finding."""
        return self.boxes.type_of(element) or ANY

    def _service(self, id_: str, name: str, type_: Type, source: etree._Element) -> Service:
        def references(tag: str) -> tuple[Reference, ...]:
            found = (self._reference(each) for each in children(source, tag))
            return tuple(each for each in found if each is not None)

        return Service(
            id_,
            name,
            type_,
            references("outputDecision"),
            references("encapsulatedDecision"),
            references("inputDecision"),
            references("inputData"),
            line_of(source),
        )

    def _requirements(self, source: etree._Element) -> tuple[Reference, ...]:
        found: list[Reference] = []
        for requirement in children(source, "informationRequirement", "knowledgeRequirement"):
            for target in children(
                requirement, "requiredInput", "requiredDecision", "requiredKnowledge"
            ):
                reference = self._reference(target)
                if reference is not None:
                    found.append(reference)
        return tuple(found)

    def _reference(self, target: etree._Element) -> Reference | None:
        href = target.get("href") or ""
        namespace, _, id_ = href.rpartition("#")
        if namespace in ("", self.root.get("namespace")):
            if id_ in self.sources:
                return Reference(id_)
            close = nearest(id_, self.sources)
        else:
            alias = self.aliases.get(namespace)
            if alias is not None and id_ in self.imports[alias].elements:
                return Reference(id_, alias)
            close = None
        self.error(
            "dmn.E005",
            Text(
                "引用 {href} 没有对应的元素。", "The reference {href} points at nothing.", href=href
            ),
            line_of(target),
            perhaps(f"#{close}") if close else None,
        )
        return None

    def _names(self, references: Iterable[Reference]) -> list[str]:
        names: list[str] = []
        for reference in references:
            if reference.alias is not None:
                names.append(reference.alias)
                if not reference.alias:  # an import without a name: its elements stand bare
                    names.append(self.imports[""].elements[reference.id].name)
            else:
                names.append(name_of(self.sources[reference.id]))
        return names
