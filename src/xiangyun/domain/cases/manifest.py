"""Cases: applications on their way."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("catalogue", "calendar"),
    queue="cases",
    roles={
        "acceptor": Text("受理", "acceptor"),
        "assessor": Text("评估", "assessor"),
        "town_reviewer": Text("乡镇初审", "town reviewer"),
        "reviewer": Text("审查", "reviewer"),
        "approver": Text("决定", "approver"),
        "supervisor": Text("督办", "supervisor"),
    },
    modules={
        "inbound": "what comes to a case by itself, brought by jobs: answers, moments, messages",
        "opening": "how a draft becomes a case: outgrew actions",
        "drafts": "verbs and reads of the application while it is written",
        "migration": "the verb that moves a running case to another version, with its checks",
        "pastcases": "past cases as records for a replay",
        "clock": "the time of a case as its row keeps it",
        "deadlines": "the verb that counts running cases anew when the calendar changes",
        "extension": "asking for more time and answering it: steps beside those of the drawing",
        "escalation": "the verb of the job that puts overdue work before its overseer",
        "prepared": "statements that PostgreSQL plans once a connection; store.py has two",
        "store": "reads a case in one statement and writes a step in one, for all the verbs",
        "queue": "puts jobs into the queue, so that verbs need not import the jobs that call them",
    },
)
