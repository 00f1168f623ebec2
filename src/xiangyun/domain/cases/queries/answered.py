"""What the forms of tasks were answered with, for whoever may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiangyun.domain.cases.models import Case, Evidence, TaskAnswers, WorkItem
from xiangyun.kernel.feel import Value, from_stored
from xiangyun.kernel.formspec import Form

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
    pack = pack_of(case)
    if not pack.forms:
        return {}
    done = dict(
        WorkItem.objects.filter(case=case, by__isnull=False).values_list("token", "element")
    )
    files: dict[str, list[Evidence]] = defaultdict(list)
    for file in Evidence.objects.filter(case=case).order_by("added_at", "id"):
        files[file.token].append(file)
    return {
        row.token: Answered(
            form,
            {key: from_stored(value) for key, value in row.answers.items()},
            files[row.token],
        )
        for row in TaskAnswers.objects.filter(case=case, token__in=done)
        if (form := pack.task_form(done[row.token])) is not None
    }
