"""Payments: fees of cases, what came in, what is given back, and the books of a day compared."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.tasks import payment_ask
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("cases",),
    queue="payments",
    owned="xiangyun.domain.payments.queries:owned",
    of_case="xiangyun.domain.payments.queries:OF_CASE",
    succeeds="xiangyun.domain.payments.following:succeed",
    roles={
        "fee_officer": Role(
            Text("收费管理", "fee officer"),
            Text(
                "查看缴费和对账，按规定退费。",
                "Sees payments and their reconciliation, and refunds what is to be refunded.",
            ),
            across=True,
            sees_records=False,
        )
    },
    verbs=(
        payment_ask.FREE,
        Verb("payment.expired", Text("{fee}过期未缴", "{fee}: not paid in time"), grave=True),
        Verb("payment.cancelled", Text("{fee}不用再缴", "{fee}: no longer to be paid")),
        Verb("payment.late", Text("{fee}缴迟了，{amount} 元退回",
                                  "{fee}: {amount} yuan came too late and go back")),
        Verb("payment.twice",
             Text("{fee}缴了两次，{amount} 元退回",
                  "{fee}: {amount} yuan came a second time and go back")),
        Verb("payment.wrong_amount",
             Text("{fee}缴来 {amount} 元，与应缴金额不符",
                  "{fee}: {amount} yuan came, not what was asked for")),
        Verb("payment.refund_asked", Text("退费 {fee} {amount} 元",
                                          "To be refunded: {fee}, {amount} yuan"), notes=("why",)),
        Verb("payment.refunded",
             Text("已退回 {fee} {amount} 元", "Refunded: {fee}, {amount} yuan")),
        Verb("payment.refund_declined", Text("付款机构没有退回 {fee} {amount} 元",
                                             "The provider did not refund {fee}, {amount} yuan")),
        Verb("payment.reconciled", Text("{day}对账：一致 {agreed} 笔，不一致 {differences} 笔",
                                        "{day} reconciled: {agreed} agree, {differences} differ")),
    ),
    modules={
        "receiving": "what a provider says of money that came or went back: verified, once",
        "refunding": "money that goes back: how much may, and opening it",
        "sending": "money that goes back: asking the provider, until it answers",
        "settling": "what follows a payment: its answer to the case, and fees nobody waits for",
        "reconciling": "the books of a day, ours and the provider's",
        "recording": "what the journal says of payments",
        "following": "orders that follow joined parties and merged places",
        "outbox": "puts jobs into the queue, so that verbs need not import the jobs that call them",
    },
)  # fmt: skip
