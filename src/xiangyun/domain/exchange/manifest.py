"""Exchange: messages to other systems and from them, as connectors declare."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("cases", "registers"),
    queue="exchange",
    owned="xiangyun.domain.exchange.passing:owned",
    roles={
        "exchange_operator": Role(
            Text("互联互通运维", "exchange operator"),
            Text(
                "查看与其他系统往来的报文，重发没有送到的。",
                "Sees the messages exchanged with other systems, and sends again what got stuck.",
            ),
            across=True,
            sees_records=False,
        )
    },
    verbs=(
        Verb("exchange.sent", Text("发出：{message}", "Sent: {message}")),
        Verb("exchange.delivered", Text("已送达：{message}", "Delivered: {message}")),
        Verb("exchange.answered", Text("收到答复：{message}", "Answered: {message}")),
        Verb("exchange.parked", Text("多次未送到：{message}", "Could not be delivered: {message}")),
        Verb("exchange.resent", Text("重发：{message}", "Sent again: {message}")),
        Verb("exchange.dropped", Text("不再发送：{message}", "Given up: {message}")),
        Verb("exchange.received", Text("收到报文：{message}", "Received: {message}")),
        Verb("exchange.refused", Text("拒收报文：{message}", "Refused: {message}")),
        Verb("exchange.file_given", Text("交出材料内容", "Gave the content of a file")),
        Verb("exchange.file_came", Text("取得材料内容", "Fetched the content of a file")),
        Verb(
            "exchange.standing_given",
            Text("答复证照是否有效", "Said whether a certificate stands"),
        ),
        Verb("exchange.partner_changed", Text("更改往来机构", "A partner was changed")),
        Verb("exchange.key_entered", Text("登记机构公钥", "A partner’s key was entered")),
        Verb("exchange.key_revoked", Text("撤销机构公钥", "A partner’s key was revoked")),
    ),
    modules={
        "envelopes": "a message with its signature: headers of HTTP, or a file",
        "bundles": "many messages in one signed request, each provable on its own",
        "bundlesending": "all that is due to one partner, claimed, sent and settled together",
        "bundlereceiving": "many messages that came together, taken in one transaction",
        "partners": "other organisations: where they are, and which keys are theirs",
        "sending": "one message to one system, tried again until it is answered",
        "turns": "whether it is a message's turn to leave",
        "settling": "what follows an answer, or that there is none",
        "receiving": "one message that came: verified, once, in order",
        "targets": "where a message that came goes: a case, a task, a register, a new case",
        "enclosures": "contents of files that a message names: given, and fetched in pieces",
        "folders": "signed files in a folder: the second way of transport",
        "proving": "what was sent, when and by which rule, from one side's journal alone",
        "onceonly": "which requirements are met by evidence of others, and who gives it",
        "usage": "who may call what, until when, and how often it was used",
        "passing": "what was passed on about somebody: who gave or got it, when, by which rule",
        "outbox": "puts jobs into the queue, so that verbs need not import the jobs that call them",
    },
)
