"""What a task offers in its form: rows to answer and options to choose from are its inputs."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.bpmn import Element
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec import Form, Question
from xiangyun.kernel.formspec.choices import OFFERED
from xiangyun.kernel.pack import taskforms
from xiangyun.kernel.pack.reader import PackSources
from xiangyun.kernel.packfile.faults import fault


def check_offered(sources: PackSources) -> Iterator[Finding]:
    """Questions whose options nobody offers: of an application, or of a task without the input."""
    for question, _ in _offered(sources.form) if sources.form else ():
        yield fault(
            "pack.E510",
            Text(
                "“{label}”的选项要由任务给出（{member}），申请表不属于任何任务。",
                "The options of “{label}” are to come from a task ({member}), and an application "
                "belongs to none.",
                label=question.label,
                member=OFFERED,
            ),
            Place("form.json"),
            Text(
                "请把选项写在 values 里，或者把问题移到任务的表单。",
                "Write them in `values`, or ask in a form of a task.",
            ),
        )
    for process in sources.processes:
        for element in process.elements.values():
            form = sources.forms.get(taskforms.form_named(element))
            for question, name in _offered(form) if form else ():
                if name not in _inputs_of(element):
                    yield fault(
                        "pack.E511",
                        Text(
                            "任务“{task}”没有输入 {name}，“{label}”就没有选项。",
                            "The task “{task}” has no input {name}, so “{label}” has no options.",
                            task=element.label,
                            name=name,
                            label=question.label,
                        ),
                        Place(process.file, element.line),
                        Text(
                            "请加 target 为 {name} 的 zeebe:input，每项有 value 和 label。",
                            "Add a zeebe:input with the target {name}, each with value and label.",
                            name=name,
                        ),
                    )


def _offered(form: Form) -> Iterator[tuple[Question, str]]:
    """The questions whose options a task offers, with the input that does."""
    for each in form.questions:
        for question in (each, *each.questions):
            if name := question.rules.more.get(OFFERED):
                yield question, str(name)


def _inputs_of(element: Element) -> set[str]:
    """The names that a task is opened with."""
    item = element.loop.item if element.loop else ""
    return {each.target for each in element.inputs} | ({item} if item else set())
