"""Messages: the inbox of everybody, and the ways a message takes besides."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

from .channels import WORDS

manifest = Manifest(
    builds_on=("cases",),
    queue="messaging",
    owned="xiangyun.domain.messaging.queries:owned",
    of_case="xiangyun.domain.messaging.queries:OF_CASE",
    follows={"letters": "messaging.hand_out"},
    verbs=(
        Verb(
            "notice.delivered",
            Text("通知已送出：{channel}", "Notice delivered by {channel}"),
            keys={"channel": WORDS},
        ),
        Verb(
            "notice.undelivered",
            Text("通知未能送达：{channel}", "A notice did not arrive by {channel}"),
            keys={"channel": WORDS},
        ),
        Verb("notice.opened", Text("已查看通知", "The notice was opened")),
    ),
    modules={
        "handout": "how letters of a step become messages: the job that follows it",
        "digest": "the morning message to officials who asked for one",
        "delivering": "one message to one address, tried again until it is there or cannot be",
        "calendars": "entries as calendars take them, and the secret address of one's own",
        "contacts": "the addresses and choices of a person: verbs and reads",
        "paper": "letters as PDF",
        "channels": "the words of the channels, and addresses half hidden",
        "outbox": "puts jobs into the queue, so that verbs need not import the jobs that call them",
    },
)
