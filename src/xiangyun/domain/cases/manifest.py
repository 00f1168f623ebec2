"""Cases: applications on their way."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("catalogue", "calendar", "files", "numbers"),
    queue="cases",
    owned="xiangyun.domain.cases.owncopy:owned",
    in_use={"role": "xiangyun.domain.cases.actions:awaiting"},
    keeps_files="xiangyun.domain.cases.drafts:digests_named",
    roles={
        "supervisor": Role(
            Text("督办", "supervisor"),
            Text("督办超期的办件。", "Follows up what is overdue."),
            across=True,
        ),
    },
    verbs=(
        Verb("case.submitted", Text("提交申请", "Application sent")),
        Verb("case.opened", Text("立件", "Case opened")),
        Verb("case.opened_by_hand", Text("工作人员立件", "Opened by an official")),
        Verb("case.withdrawn", Text("撤回申请", "Application withdrawn"), grave=True),
        Verb("case.rated", Text("申请人作出评价", "Rated by the applicant")),
        Verb("case.read", Text("查看了申请", "Looked at the application"), look=True),
        Verb("receipt.read", Text("查看了回执", "Looked at the receipt"), look=True),
        Verb("file.read", Text("查看了材料", "Looked at the files"), look=True),
        Verb(
            "case.looked",
            Text("说明理由后查看了申请", "Looked at the application for a stated reason"),
            notes=("why",),
            look=True,
        ),
        Verb(
            "case.unmasked",
            Text("说明理由后查看了敏感内容", "Looked at sensitive values for a stated reason"),
            notes=("why",),
            look=True,
        ),
        Verb("task.claimed", Text("领取任务“{task}”", "Took the task “{task}”")),
        Verb(
            "task.released",
            Text("交还任务“{task}”", "Gave the task “{task}” back"),
            notes=("why",),
        ),
        Verb(
            "task.handed_over",
            Text("转交任务“{task}”", "Handed the task “{task}” over"),
            notes=("why",),
        ),
        Verb("case.taken", Text("接手办理", "Took the case over"), notes=("why",), look=True),
        Verb(
            "case.handed_over", Text("移交他人办理", "Handed on to somebody else"), notes=("why",)
        ),
        Verb("handler.added", Text("增加经办人", "Named another handler"), notes=("why",)),
        Verb("draft.read", Text("帮办窗口查看了申请草稿", "A desk looked at the draft"), look=True),
        Verb("case.migrated", Text("转入事项新版本", "Moved to a newer version of the service")),
        Verb(
            "case.followed",
            Text("办件随主体或机关变更转移", "The case follows a change of its party or office"),
            notes=("why",),
        ),
        Verb("case.renewed", Text("立件的内容有变（{by}）", "What opened it has changed ({by})")),
        Verb("case.moved", Text("流程继续", "The process went on")),
        Verb("case.resumed", Text("督办后再试", "Tried again by a supervisor")),
        Verb("case.escalated", Text("流程升级提示", "The process asked for attention")),
        Verb(
            "case.stuck",
            Text("流程停滞，已转督办", "The process stands still; a supervisor sees it"),
        ),
        Verb("case.ended", Text("办结：{outcome}", "Ended: {outcome}")),
        Verb("case.archived", Text("移入档案", "Moved to the archive")),
        Verb("task.done", Text("{task}：{action}", "{task}: {action}"), notes=("note",)),
        Verb("signature.given", Text("签名：{signed}（{way}）", "Signed: {signed} ({way})")),
        Verb(
            "task.escalated",
            Text(
                "“{task}”应于{due:weekday}前办理，已超期，转督办",
                "“{task}” was due on {due:weekday} and is overdue; its overseer was told",
            ),
        ),
        Verb(
            "decision.made",
            Text(
                "按公布的规则自动判断，适用其中 {rows} 条",
                "Decided by the published rules: {rows} {rows|applies|apply}",
            ),
        ),
        Verb("message.sent", Text("向其他办件发出消息", "A message left for another case")),
        Verb("message.received", Text("收到一条消息", "A message came in")),
        Verb(
            "message.parked",
            Text("消息多次处理失败，已转督办", "A message could not be taken"),
        ),
        Verb("signal.thrown", Text("发出通告", "A signal went out")),
        Verb("signal.received", Text("收到通告", "A signal came")),
        Verb("call.completed", Text("已办完：{element}", "Done: {element}")),
        Verb("call.failed", Text("没有办成：{element}", "Could not be done: {element}")),
        Verb(
            "service.parked",
            Text("多次未答复，已转督办：{element}", "No answer after several tries: {element}"),
        ),
        Verb("timer.rang", Text("期限已到", "A time limit has come")),
        Verb(
            "timer.moved",
            Text("日历有变，定时重新设定", "The calendar changed; a timer was set anew"),
        ),
        Verb(
            "timer.parked",
            Text("期限已到，后续步骤多次失败，已转督办", "A time limit came; what follows failed"),
        ),
        Verb(
            "deadline.moved", Text("日历有变，期限重新计算", "The calendar changed; counted anew")
        ),
        Verb(
            "extension.asked",
            Text("报请延长期限 {days}", "Asked for an extension by {days}"),
            notes=("note",),
        ),
        Verb(
            "extension.granted",
            Text("批准延长期限 {days}", "Time limit extended by {days}"),
            notes=("note", "reason"),
        ),
        Verb(
            "extension.denied",
            Text("不批准延长期限", "Extension denied"),
            notes=("note",),
            grave=True,
        ),
    ),
    succeeds="xiangyun.domain.cases.following:succeed",
    modules={
        "owncopy": "all of the own cases, for a copy of all own data",
        "sealing": "what of a sealed case is encrypted as it is written",
        "following": "cases that follow joined parties, merged divisions and departments",
        "assignment": "where tasks wait and for whom; claiming them and handing them over",
        "secrecy": "the verbs of cases that only their handlers may know",
        "signing": "signatures of what is sent: asked for and taken within the step",
        "prefill": "what registers know of an applicant, and which of several records is meant",
        "objecting": "what an objection to a register is about, and what its case may mend",
        "lookups": "what a process finds in registers, today or on a day that is past",
        "foreign": "tasks that another organisation does by a message",
        "inbound": "what comes to a case by itself, brought by jobs: answers, moments, messages",
        "admission": "whether a service takes an application: asked when it is begun and sent",
        "messaging": "cases that another system opens by a message of the interface",
        "reports": "reports by somebody unknown, who comes back by a receipt code",
        "officialopening": "cases that officials open about a subject: written and sent",
        "openings": "cases that nobody applies for: opened by a case, a message, a duty, the clock",
        "renewal": "answers of an opening, given anew while its case runs",
        "opening": "how a draft becomes a case: outgrew actions",
        "rows": "what hangs on one case, by one statement while a page is read",
        "taskforms": "verbs and reads of the form of a task, with its files, until it is sent",
        "drafts": "verbs and reads of the application while it is written",
        "migration": "the verb that moves a running case to another version, with its checks",
        "pastcases": "past cases as records for a replay",
        "replaying": "past cases walked by a version that is not in force",
        "comparison": "cases against what the journal says of them, for the audit",
        "clock": "the time of a case as its row keeps it",
        "deadlines": "the verb that counts running cases anew when the calendar changes",
        "extension": "asking for more time and answering it: steps beside those of the drawing",
        "escalation": "the verb of the job that puts overdue work before its overseer",
        "recording": "what the journal says of a case, for all the verbs",
        "prepared": "statements that PostgreSQL plans once a connection; store.py has two",
        "store": "reads a case in one statement and writes a step in one, for all the verbs",
        "queue": "puts jobs into the queue, so that verbs need not import the jobs that call them",
    },
)
