"""What the forms of tasks were answered with, for whoever may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiangyun.domain.cases.models import Case, Evidence
from xiangyun.domain.cases.rows import evidence_of, items_of, task_answers_of
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.feel import Value, from_stored
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.taskforms import TASKS

from .one import pack_of


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of a task that is done, with its files."""

    form: Form
    answers: Mapping[str, Value]
    evidence: Sequence[Evidence]


def answered_in(case: Case) -> dict[str, Answered]:
    """The answers of each task that is done, by the task's token.

    Without those that row-level security keeps from whoever acts: in an own matter one sees what
    was answered for the party that one acts for, and what one wrote.
    """
    if not case.variables.get(TASKS):  # no version that it lived by has a task with a form
        return {}
    done = {
        item.token: (item.element, item.inputs) for item in items_of(case) if item.by is not None
    }
    files: dict[str, list[Evidence]] = defaultdict(list)
    for file in evidence_of(case):
        files[file.token].append(file)
    return {
        row.token: Answered(
            form.given({name: from_stored(value) for name, value in done[row.token][1].items()}),
            {key: from_stored(value) for key, value in row.answers.items()},
            files[row.token],
        )
        for row in task_answers_of(case)
        if row.token in done
        and (form := _form_of(case, done[row.token][0], row.answers)) is not None
    }


def _form_of(case: Case, element: str, answers: Mapping[str, object]) -> Form | None:
    """The form by which these answers were given: the newest that asks for all of them."""
    newest = None
    for pack in _versions(case):
        form = pack.task_form(element)
        if form is not None and answers.keys() <= {q.key for q in form.questions}:
            return form
        newest = newest or form
    return newest


def _versions(case: Case) -> Iterator[Pack]:
    """The version that the case lives by, then those before, by which it may have begun."""
    yield pack_of(case)
    code = catalogue.service_of(case.version_id)
    for number in reversed(catalogue.numbers(code)):
        if number < case.version.number:
            yield catalogue.version_pack(code, number)
