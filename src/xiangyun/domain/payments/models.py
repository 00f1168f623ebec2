"""What is kept of payments: orders, money that came, money that goes back, days reconciled."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.privileges import ALL, Privileges

_NUMBER = re.compile(r"(JF|TK)([0-9]{12})", re.ASCII)


def key_of(number: str, kind: str = "JF") -> int:
    """The key of an order (`JF`) or a refund (`TK`) from its number; 0, nobody's, for neither."""
    found = _NUMBER.fullmatch(number.strip().upper())
    return int(found[2]) if found and found[1] == kind else 0


def _amount() -> models.DecimalField[Decimal, Decimal]:
    """Yuan with two places, never a binary fraction."""
    return models.DecimalField(max_digits=12, decimal_places=2)


class State(models.TextChoices):
    """How far an order has come."""

    WAITING = "waiting", "待缴"
    PAID = "paid", "已缴"
    EXPIRED = "expired", "过期未缴"
    CANCELLED = "cancelled", "不用再缴"
    REFUNDED = "refunded", "已全额退还"


class Order(models.Model):
    """A fee that a case asked for, written in the transaction of the step that asks.

    `number` is what the provider knows it by. `settled_at`: when it was paid, by the provider's
    clock, or expired. `brought_at`: when its answer was brought to the case.
    """

    id = models.BigAutoField(primary_key=True)
    # The books stay when a case goes to the archive; the number says which it was.
    case = models.ForeignKey("cases.Case", models.SET_NULL, null=True, related_name="+")
    case_number = models.TextField()
    token = models.TextField()
    division = models.BigIntegerField()
    matter = models.IntegerField()
    need = models.SmallIntegerField()
    fee = models.TextField()
    name = models.JSONField(help_text='{"zh": …, "en": …}')
    payer = models.UUIDField(null=True)
    amount = _amount()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    brought_at = models.DateTimeField(null=True)

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("state", "settled_at", "brought_at", "payer", "division", "matter"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "token"], name="one_order_per_service_task"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_order_is_about_money"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case"], name="orders_of_a_case"),
            models.Index(fields=["due_at"], name="orders_open", condition=Q(state="waiting")),
            models.Index(
                fields=["settled_at"],
                name="orders_to_bring",
                condition=Q(brought_at=None) & ~Q(state__in=("waiting", "cancelled")),
            ),
            models.Index(fields=["-settled_at"], name="orders_of_a_day"),
        ]

    @property
    def at_case(self) -> UUID:
        """Its case, or the nil UUID, which is no case's, where that went to the archive."""
        found: UUID | None = self.case_id
        return found or UUID(int=0)

    @property
    def number(self) -> str:
        """As people and providers know it."""
        return f"JF{self.pk:012}"

    @property
    def last_day(self) -> date:
        """The last day on which it may be paid, where the office is."""
        return timezone.localdate(self.due_at - timedelta(seconds=1))

    def __str__(self) -> str:
        return self.number


class Standing(models.TextChoices):
    """What a payment that came is to its order."""

    TAKEN = "taken", "缴清"
    LATE = "late", "缴迟了"
    TWICE = "twice", "重复缴"
    WRONG_AMOUNT = "wrong amount", "金额不符"
    UNKNOWN = "unknown", "没有这个缴费单"


class Payment(models.Model):
    """Money that a provider says has come, once for each of its transactions.

    `number` is the order's as the provider named it; `order` is empty while we know none. `at` is
    the moment by the provider's clock.
    """

    id = models.BigAutoField(primary_key=True)
    provider = models.TextField()
    transaction = models.TextField()
    number = models.TextField()
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="payments")
    amount = _amount()
    at = models.DateTimeField()
    came_at = models.DateTimeField()
    standing = models.TextField(choices=Standing.choices)

    privileges = Privileges(select=ALL, insert=ALL, update=("order_id", "standing"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "transaction"], name="one_payment_per_transaction"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["order"], name="payments_of_an_order"),
            models.Index(fields=["at"], name="payments_of_a_day"),
            models.Index(
                fields=["number"], name="payments_unknown", condition=Q(standing="unknown")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.transaction}"


class Why(models.TextChoices):
    """By whom or by what a refund was opened."""

    RULE = "rule", "按规定"
    OFFICIAL = "official", "工作人员"
    LATE = "late", "缴迟了"
    TWICE = "twice", "重复缴"
    PROVIDER = "provider", "付款机构"


class Going(models.TextChoices):
    """How far a refund has come."""

    ASKED = "asked", "待退"
    DONE = "done", "已退"
    DECLINED = "declined", "付款机构没有退"


class Refund(models.Model):
    """Money of one payment that goes back the way it came; its number is an idempotency key."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="refunds")
    amount = _amount()
    kind = models.TextField(choices=Why.choices)
    why = models.TextField(blank=True, default="")
    by = models.UUIDField(null=True)
    by_name = models.TextField(blank=True, default="")
    state = models.TextField(choices=Going.choices, default=Going.ASKED)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    provider = models.TextField()
    transaction = models.TextField(blank=True, default="")
    problem = models.JSONField(null=True, help_text='{"zh": …, "en": …}')

    privileges = Privileges(
        select=ALL, insert=ALL, update=("state", "done_at", "transaction", "problem")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_is_about_money"),
            models.UniqueConstraint(
                fields=["provider", "transaction"],
                condition=~Q(transaction=""),
                name="one_refund_per_transaction",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["order"], name="refunds_of_an_order"),
            models.Index(fields=["asked_at"], name="refunds_open", condition=Q(state="asked")),
            models.Index(fields=["done_at"], name="refunds_of_a_day"),
        ]

    @property
    def number(self) -> str:
        """As people and providers know it."""
        return f"TK{self.pk:012}"

    def __str__(self) -> str:
        return self.number


class Reconciliation(models.Model):
    """The books of one day compared with a provider's statement, once for each statement."""

    id = models.BigAutoField(primary_key=True)
    provider = models.TextField()
    day = models.DateField()
    digest = models.TextField(help_text="SHA-256 of the statement, in hex")
    name = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by_name = models.TextField(blank=True, default="")
    agreed = models.IntegerField()
    paid_here = _amount()
    paid_there = _amount()
    refunded_here = _amount()
    refunded_there = _amount()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "day", "-at"], name="reconciliations_of_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class Unmatched(models.Model):
    """One line that does not agree; what is empty stands on one side alone."""

    id = models.BigAutoField(primary_key=True)
    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="unmatched")
    what = models.TextField()
    kind = models.TextField(help_text="payment or refund")
    number = models.TextField()
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    division = models.BigIntegerField(help_text="Of the order; of one unknown to us, the province")
    our_transaction = models.TextField(blank=True, default="")
    their_transaction = models.TextField(blank=True, default="")
    our_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    their_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(our_amount__isnull=False) | Q(their_amount__isnull=False),
                name="a_difference_has_a_side",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"
