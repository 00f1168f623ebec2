"""What the verbs of a case refuse, in words for the person who pressed the button."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Text
from xiangyun.kernel.pack.taskforms import ANSWERS
from xiangyun.kernel.service.headers import listed

from .models import WorkItem
from .store import OpenWorkItem

GONE = Finding(
    "case.E001",
    "error",
    Text(
        "这一步刚刚已由他人办理，您的操作没有执行。",
        "Somebody has just done this step; nothing you pressed was carried out.",
    ),
    hint=Text("请查看最新状态后再继续。", "Look at the case as it stands now, then go on."),
)
NOT_YOURS = Finding(
    "case.E002",
    "error",
    Text("这一步不由您办理。", "This step is not yours to do."),
    hint=Text("请交由有相应职责的人员办理。", "Leave it to somebody who holds the role for it."),
)
NOTE_WANTED = Finding(
    "case.E003",
    "error",
    Text("请写明理由。", "Please write down the reason."),
    hint=Text(
        "例如：住所证明与填写的地址不一致。",
        "For example: the proof of premises shows another address.",
    ),
)
NO_SUCH_ACTION = Finding(
    "case.E004",
    "error",
    Text("流程现在不允许这一操作。", "The process does not allow this action now."),
    hint=Text("请使用页面上的按钮。", "Use one of the buttons on the page."),
)
FORM_WANTED = Finding(
    "case.E046",
    "error",
    Text("这一步要填表。", "This step asks for answers to a form."),
    hint=Text("请打开这一步的表，填好后提交。", "Open the form of the task, answer it, send it."),
)
ANSWERED_ELSEWHERE = Finding(
    "case.E047",
    "error",
    Text(
        "这张表刚在另一台设备上改过，您的内容没有覆盖它。",
        "The form was changed on another device meanwhile; nothing of it was overwritten.",
    ),
    hint=Text("请对照两份内容，选定后再保存。", "Compare the two, choose, and save again."),
)
NOT_WITHDRAWABLE = Finding(
    "case.E005",
    "error",
    Text(
        "申请已作出决定，不能再撤回。", "The application has been decided and cannot be withdrawn."
    ),
    hint=Text("如需变更或注销，请另行申请。", "Apply for a change or a cancellation instead."),
)
RATED = Finding(
    "case.E006",
    "error",
    Text("这件事您已经评价过了。", "You have rated this case already."),
    hint=Text("每件只评价一次（GB/T 39734）。", "A case is rated once (GB/T 39734)."),
)
NOT_ENDED = Finding(
    "case.E007",
    "error",
    Text("办结以后才能评价。", "A case can be rated after it has ended."),
    hint=Text("办结时我们会提醒您。", "You will be told when it has ended."),
)
SAME_HAND = Finding(
    "case.E011",
    "error",
    Text(
        "经办分离：前一环节是您办的，这一步须由另一人办理。",
        "Two different people must do this: you did the earlier step, so somebody else does "
        "this one.",
    ),
    hint=Text("请交由另一位有相应职责的人员办理。", "Leave it to a colleague who holds the role."),
)
NO_EXTENSION = Finding(
    "case.E012",
    "error",
    Text("这个事项的依据没有规定可以延长期限。", "The law of this service knows no extension."),
    hint=Text("请在期限内办结。", "Finish within the time limit."),
)
EXTENDED = Finding(
    "case.E013",
    "error",
    Text("期限已经延长过一次，不能再延长。", "The time was extended once; it cannot be again."),
    hint=Text(
        "每件只能延长一次；各阶段分别计时的，每个阶段一次。",
        "Once a case, or once a stage where stages have their own time.",
    ),
)
ASKED_ALREADY = Finding(
    "case.E014",
    "error",
    Text("已经报请延期，正等待批准。", "An extension was asked for and waits for approval."),
    hint=Text("请等批准人答复。", "Wait for the answer of whoever approves."),
)
CLOCK_STOPPED = Finding(
    "case.E015",
    "error",
    Text(
        "已经办结或者停止计时，没有可以延长的期限。",
        "The case has ended or its clock was stopped: there is no time left to extend.",
    ),
    hint=Text("请查看本件现在的状态。", "Look at the case as it stands now."),
)


def refuse_unanswered(work_item: OpenWorkItem, fields: Mapping[str, Value]) -> None:
    """Raise `Refused` where the task asks for a form and comes without its answers."""
    form = work_item.headers.get("form", "")
    if form and form != ANSWERS and ANSWERS not in fields:
        raise Refused([FORM_WANTED])


def refuse_action(work_item: OpenWorkItem, action: str, note: str) -> None:
    """Raise `Refused` unless the task offers this action and has the note that it wants."""
    if action not in listed(work_item.headers, "actions"):
        raise Conflict([NO_SUCH_ACTION])
    if action in listed(work_item.headers, "note_required") and not note.strip():
        raise Refused([NOTE_WANTED])


def refuse_same_hand(
    work_item: OpenWorkItem, completed_by: Iterable[tuple[str, UUID]], actor: Actor
) -> None:
    """Raise `Refused` when the account did, in this case, a task that `not_by` keeps apart."""
    apart = listed(work_item.headers, "not_by")
    if any(element in apart and by == actor.account for element, by in completed_by):
        raise Forbidden([SAME_HAND])


def actions_of(work_item: WorkItem) -> list[str]:
    """The actions a task offers, in the order of the process file."""
    return listed(work_item.headers, "actions")


MOST_NAMED = 5
"""Cases that a refusal names."""


def waited_for(role: Text, numbers: Sequence[str]) -> Finding:
    """A role that tasks of running cases wait for, and that is therefore not withdrawn."""
    shown = [*numbers[:MOST_NAMED], *(["…"] if len(numbers) > MOST_NAMED else [])]
    return Finding(
        "case.E045",
        "error",
        Text(
            "还有办件等“{role}”办理，不能撤下：{numbers}。",
            "Cases wait for “{role}”, and it stays: {numbers}.",
            role=role,
            numbers=shown,
        ),
        hint=Text(
            "请先办完这些任务，再撤下角色。", "Finish these tasks first, then withdraw the role."
        ),
    )
