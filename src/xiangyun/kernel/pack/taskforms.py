"""Forms of tasks (forms/NAME.json): which task has which, and where FEEL sees what was answered.

Any user task may name a form: by the header `form`, or by the formId of its `zeebe:formDefinition`,
as modelling programs write it. What was answered is seen as `tasks.ID.question`, with the id of the
task; or by the name of the form, where no task with a form has that name for its id. Of a task that
is done several times the last answers stand there; its outputs see each as `answers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.feel import Value
from xiangyun.kernel.formspec import Form, Reading, from_json

TASKS = "tasks"
"""The root variable under which answers of tasks are seen."""
ANSWERS = "answers"
"""What a task with a form brings back besides; and the header that opens the application itself."""
_FILE = re.compile(r"forms/([A-Za-z0-9_-]+)\.json")


def name_of(path: str) -> str:
    """The name of a form of tasks by its file: visit of forms/visit.json; else nothing."""
    found = _FILE.fullmatch(path)
    return found[1] if found else ""


def file_of(name: str) -> str:
    """The file of a form of tasks."""
    return f"forms/{name}.json"


def form_named(element: Element) -> str:
    """The name of the form that a user task asks for; empty for one without."""
    if element.kind != "userTask":
        return ""
    name = (element.form or element.headers.get("form", "")).strip()
    return "" if name == ANSWERS else name


def forms_by_task(processes: Iterable[Process]) -> dict[str, str]:
    """The names of forms by the ids of the tasks that ask for them, in the order of the files."""
    found = ((each.id, form_named(each)) for one in processes for each in one.elements.values())
    return {id: name for id, name in found if name}


def forms_by_name(by_task: Mapping[str, str]) -> dict[str, str]:
    """The names of forms by all the names that `tasks` has: ids of tasks, and forms besides."""
    return {**{name: name for name in by_task.values()}, **by_task}


def read_task(form: Form, answers: Mapping[str, object], on: date) -> Reading:
    """Answers of a task as JSON has them, judged as those of an application are.

    What was not asked is null.
    """
    reading = from_json(form, answers, on=on)
    empty: dict[str, Value] = {question.key: None for question in form.questions}
    return Reading({**empty, **reading.answers}, reading.errors, reading.typed, reading.warnings)


def answered(
    tasks: Value, by_task: Mapping[str, str], element: str, answers: Value
) -> dict[str, Value]:
    """`tasks` after a task was done with these answers."""
    before = tasks if isinstance(tasks, dict) else {}
    form = by_task[element]
    seen_by_form = {} if form in by_task else {form: answers}
    return {**before, **seen_by_form, element: answers}


def words_in(texts: Mapping[str, Mapping[str, str]], name: str) -> dict[str, dict[str, str]]:
    """The words of one form, under the keys that those of an application have."""
    prefix = f"forms.{name}."
    return {
        language: {
            key_in(key.removeprefix(prefix)): words
            for key, words in said.items()
            if key.startswith(prefix)
        }
        for language, said in texts.items()
    }


def key_in(rest: str) -> str:
    """A key of the words of an application's form: form.phone.label, page.contact.title."""
    return rest if rest.startswith("page.") and rest.endswith(".title") else f"form.{rest}"


def wording_of(name: str, form: Form) -> Iterable[str]:
    """The keys of all words that a translation needs: forms.visit.phone.label."""
    return (f"forms.{name}.{key.removeprefix('form.')}" for key in form.wording())
