"""Cases: applications on their way."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("catalogue", "calendar"),
    queue="cases",
    roles={
        "acceptor": Role(
            Text("受理", "acceptor"),
            Text(
                "受理申请，或一次告知要补正什么。",
                "Accepts applications, or says what to correct.",
            ),
        ),
        "assessor": Role(
            Text("评估", "assessor"),
            Text("上门评估，填写结论。", "Visits, assesses and enters the result."),
        ),
        "town_reviewer": Role(
            Text("乡镇初审", "town reviewer"),
            Text("在乡镇初审申请。", "Reviews applications first, in the town."),
        ),
        "reviewer": Role(
            Text("审查", "reviewer"),
            Text("对照规则审查申请，提出意见。", "Reviews applications and recommends."),
        ),
        "approver": Role(
            Text("决定", "approver"),
            Text("作出决定，批准延期。", "Decides, and approves extensions."),
        ),
        "supervisor": Role(
            Text("督办", "supervisor"),
            Text("督办超期的办件。", "Follows up what is overdue."),
        ),
    },
    modules={
        "inbound": "what comes to a case by itself, brought by jobs: answers, moments, messages",
        "opening": "how a draft becomes a case: outgrew actions",
        "drafts": "verbs and reads of the application while it is written",
        "migration": "the verb that moves a running case to another version, with its checks",
        "pastcases": "past cases as records for a replay",
        "comparison": "cases against what the journal says of them, for the audit",
        "clock": "the time of a case as its row keeps it",
        "deadlines": "the verb that counts running cases anew when the calendar changes",
        "extension": "asking for more time and answering it: steps beside those of the drawing",
        "escalation": "the verb of the job that puts overdue work before its overseer",
        "prepared": "statements that PostgreSQL plans once a connection; store.py has two",
        "store": "reads a case in one statement and writes a step in one, for all the verbs",
        "queue": "puts jobs into the queue, so that verbs need not import the jobs that call them",
    },
)
