"""What a drawing may say of an element in its headers (zeebe:header) and properties.

Each is declared once: the checker refuses any other and looks up what its value refers to, the
documentation prints them. The headers of service tasks stand in their types (`servicetype`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from xiangyun.kernel.findings import Text
from xiangyun.kernel.worktime import PAUSES

EFFECTS = ("starts", "starts stage", "pauses", "stops stage", "stops")
"""What the property `clock` may say; see `casetime`."""

Kind = Literal[
    "name",  # any word
    "register",  # the code of a register
    "service",  # the code of a service
    "connector",  # the code of a connector
    "requirement",  # the code of a requirement, which evidence meets
    "resource",  # the code of a resource: <pack>:<id>
    "field",  # a field of the register, or `key`
    "names",  # words of the author's own choice
    "one of",  # one of `values`
    "some of",  # several of `values`
    "actions",  # some of what the header `actions` holds
    "user tasks",  # ids of other user tasks
    "stage",  # a stage of service.yaml
    "outcome",  # an outcome of service.yaml
    "party role",  # a role of a party of the case
    "addressee",  # the same, or a role of officials
    "form",  # `answers`, or the name of a form in forms/
    "department",  # a joint department of service.yaml
    "certificate",  # the id of certificate.yaml
    "letter",  # <name> of the texts letter.<name>.title and .body
    "message",  # <name> of the texts message.<name>.title and .body
    "entry",  # <name> of the texts entry.<name>.title and .body
    "fee",  # one of `fees` in service.yaml
    "declared number",  # one of `numbers` in service.yaml
    "file question",  # a question for files of the form that the element sends
    "text",  # a key of the texts
    "number",  # not negative
]
"""What the value of a header or property is; several words are separated by commas."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header or a property: its name, what its value is, and what it does.

    `values`: those there are, for `one of` and `some of`. `example`: a value that works in any
    service that has what it refers to.
    """

    name: str
    kind: Kind
    meaning: Text
    required: bool = True
    values: tuple[str, ...] = ()
    example: str = ""


STAGE = Header(
    "stage",
    "stage",
    Text("显示给申请人的环节，也决定走哪个时钟", "the step shown to the applicant, and its clock"),
    required=False,
)
FORM = Header(
    "form",
    "form",
    Text(
        "forms/ 里的表单名：办理人填这张表；answers：申请人修改申请",
        "a form in forms/ by its name: whoever does the task fills it in; "
        "`answers`: the applicant edits the application",
    ),
    required=False,
    example="visit",
)
SAME_HAND = "same_hand"
OF_USER_TASKS = (
    Header("actions", "names", Text("按钮", "the buttons"), example="accept,correct,refuse"),
    Header(
        "note_required",
        "actions",
        Text("须写明理由的动作", "the actions that need a written reason"),
        required=False,
    ),
    Header(
        "not_by",
        "user tasks",
        Text(
            "本件中办过这些任务之一的人不能办这个任务",
            "earlier tasks: whoever did one of them in this case cannot do this one",
        ),
        required=False,
    ),
    Header(
        SAME_HAND,
        "user tasks",
        Text(
            "由本件中最后办过这些任务之一的人办",
            "earlier tasks: whoever did one of them last does this one",
        ),
        required=False,
    ),
    STAGE,
    FORM,
)
"""The headers of a user task."""
TASK_PLACE, TASK_ASSIGNEE = "task_place", "task_assignee"
TASK_DEPARTMENT = "task_department"
OF_TASKS = {
    TASK_PLACE: Text(
        "在哪里办：12 位区划代码，可在办件所在地之下、之上或别处",
        "where it is done: a division’s code of 12 digits, below the case’s, above it or elsewhere",
    ),
    TASK_DEPARTMENT: Text(
        "由哪个部门办：部门的代号；图里没有写部门的角色，以此为准",
        "whose it is: the key of a department; for roles that the drawing narrows to none",
    ),
    TASK_ASSIGNEE: Text(
        "由谁办：这位工作人员的登录名", "whose it is: the log-in name of an official"
    ),
}
"""Inputs of user tasks that say where, by which department and by whom."""

CLOCK = Header(
    "clock",
    "some of",
    Text("计时怎样变化", "how the clocks move"),
    required=False,
    values=EFFECTS,
)
PAUSE = Header(
    "pause",
    "one of",
    Text("停表的事由", "why the clock stands still"),
    required=False,
    values=tuple(PAUSES),
)
MINUTES = Header(
    "minutes",
    "number",
    Text("办理一般要几分钟（仿真用）", "how long the work usually takes, for simulations"),
    required=False,
)
SIGNATURE = Header(
    "signature",
    "one of",
    Text(
        "要不要办理人（启动事件：申请人）用通行密钥签名：required 必须，offered 可以签也可以不签",
        "whether whoever does it, or applies where it is a start, signs with a passkey: "
        "`required`, or `offered`",
    ),
    required=False,
    values=("required", "offered"),
)
SIGNATURE_ACTIONS = Header(
    "signature_actions",
    "actions",
    Text("哪些动作要签名；不写：都要", "the actions that want the signature; none: all of them"),
    required=False,
)
SIGNATURE_PAPER = Header(
    "signature_paper",
    "file question",
    Text(
        "没有通行密钥的，在纸上签名，把签好的文件传到表单的这一问",
        "who has no passkey signs on paper, and answers this question of the form with the file",
    ),
    required=False,
)
SIGNATURE_BY = Header(
    "signature_by",
    "some of",
    Text(
        "代他人签名的，代理关系须依据其中之一；不写：能办理的都能签",
        "on what an authority to sign for another party rests; none: whoever may do it may sign",
    ),
    required=False,
    values=("register", "consent", "kinship", "guardianship", "notary", "court"),
)
SIGNATURES = (SIGNATURE, SIGNATURE_ACTIONS, SIGNATURE_PAPER, SIGNATURE_BY)
"""The properties of user tasks and start events that ask for a signature; see `signing`."""
OUTCOME = Header("outcome", "outcome", Text("办理结果", "how the case ends"))


def listed(headers: Mapping[str, str], name: str) -> list[str]:
    """The entries of a header that holds a comma list, in order; none where there is no such."""
    return words_in(headers.get(name, ""))


def words_in(text: str) -> list[str]:
    """The words between commas."""
    return [word for part in text.split(",") if (word := part.strip())]
