"""Who logs in: persons, companies and officials, and the mandates of officials."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q

from xiangyun.domain.editions import Marked
from xiangyun.domain.privileges import ALL, Privileges


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by login name."""


class Account(AbstractBaseUser):
    """One who logs in. The identity number is shown to its owner and to competent desks only."""

    class Kind(models.TextChoices):
        """What stands behind the account."""

        PERSON = "person", "自然人"
        COMPANY = "company", "法人"
        OFFICIAL = "official", "工作人员"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    id_number = models.TextField(blank=True, default="")
    mobile = models.TextField(blank=True, default="")
    division = models.ForeignKey("divisions.Division", models.PROTECT, null=True)
    fictitious = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    privileges = Privileges(
        select=ALL, insert=ALL, update=("password", "last_login", "mobile", "is_active")
    )

    USERNAME_FIELD = "login"
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "id_number"],
                condition=~Q(id_number="") & ~Q(kind="official"),
                name="one_account_per_identity",
            )
        ]
        # Each step asks whether whoever acts has another account that applied.
        indexes: ClassVar = [
            models.Index(
                fields=["id_number"], condition=~Q(id_number=""), name="accounts_of_a_person"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """A role in a division, for itself and for all that lies below: the code range [low, high].

    Which roles there are, packs and the manifests of the apps say; process files name them in
    candidateGroups. `role` has their spelling: a role narrowed to a department is `reviewer:fire`.
    Before `from_on` and after `to_on` it gives nothing.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="mandates")
    role = models.TextField()
    division = models.ForeignKey("divisions.Division", models.PROTECT)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    desk = models.TextField(help_text="The office's name as it stands in records")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True, help_text="The last day; none: until further notice")
    across = models.BooleanField(
        db_default=False, help_text="Of a pack's role: whether it is one for all departments"
    )

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("low", "high", "desk", "from_on", "to_on", "across"),
        delete=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role", "division"], name="one_mandate_per_role_and_division"
            ),
            models.CheckConstraint(condition=Q(low__lte=F("high")), name="mandate_is_a_range"),
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(to_on=None) | Q(from_on__lte=F("to_on")),
                name="mandate_ends_after_it_begins",
            ),
        ]

    @property
    def department(self) -> str:
        """The department that the role is narrowed to; empty for none."""
        return self.role.partition(":")[2]

    def stands(self, on: date) -> bool:
        """Whether it gives anything on a day."""
        return (self.from_on or on) <= on <= (self.to_on or on)

    def has_ended(self, on: date) -> bool:
        """Whether its last day lies before a day."""
        return self.to_on is not None and self.to_on < on

    def __str__(self) -> str:
        return f"{self.role} {self.desk}"


class Deputy(models.Model):
    """`deputy` acts with the mandates of an absent official, from a first to a last day.

    It passes nothing on: whoever is deputy for somebody gives no mandate of his to a further one.
    It is never changed but ended.
    """

    absent = models.ForeignKey(Account, models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Account, models.CASCADE, related_name="deputises")
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True, help_text="The account that entered it")
    ended_at = models.DateTimeField(null=True)

    privileges = Privileges(select=ALL, insert=ALL, update=("ended_at",))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(absent=F("deputy")), name="no_deputy_of_oneself"),
            models.CheckConstraint(
                condition=Q(from_on__lte=F("to_on")), name="deputy_ends_after_beginning"
            ),
        ]

    def stands(self, on: date) -> bool:
        """Whether it gives anything on a day."""
        return self.comes(on) and self.from_on <= on

    def comes(self, on: date) -> bool:
        """Whether it stands on a day or will stand later."""
        return self.ended_at is None and on <= self.to_on

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.absent_id}"


class Token(models.Model):
    """A key to the interface for programs. Only its SHA-256 is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    digest = models.BinaryField(unique=True, max_length=32)
    label = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, delete=True)

    def __str__(self) -> str:
        return self.label


class Session(AbstractBaseSession):
    """A browser's session, and whose log-in it is: null for a visitor. See sessions.py."""

    account = models.UUIDField(null=True, db_index=True)
    agent = models.TextField(blank=True, default="", help_text="What the browser calls itself")
    seen_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, update=ALL, delete=True)


class Edition(Marked):
    """Its mark changes with every statement that writes mandates, and with a holder's name."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_mandates")
        ]
