"""What an account proves itself with besides its password. Nothing here opens a door by itself:
secrets are encrypted or hashed with keys that lie outside of the database."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiangyun.domain.privileges import ALL, Privileges


class Totp(models.Model):
    """An authenticator app (RFC 6238). Until its first code is typed in it counts for nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    secret = models.BinaryField(help_text="Encrypted for this row by the instance's cipher")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0, help_text="The time step of the last code taken")

    privileges = Privileges(
        select=ALL, insert=ALL, update=("confirmed_at", "last_step", "secret"), delete=True
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(confirmed_at=None), name="one_totp_on_offer"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=~Q(confirmed_at=None), name="one_totp_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"totp of {self.account_id}"


class Passkey(models.Model):
    """A passkey (W3C Web Authentication): the public half of a key that a device keeps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    credential = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    label = models.TextField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    privileges = Privileges(select=ALL, insert=ALL, update=("sign_count", "used_at"), delete=True)

    def __str__(self) -> str:
        return self.label


class RecoveryCode(models.Model):
    """One of ten codes on paper, each good once; only its keyed hash is kept."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    fingerprint = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    privileges = Privileges(select=ALL, insert=ALL, update=("used_at",), delete=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "fingerprint"], name="one_recovery_code")
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.account_id}"


class Identity(models.Model):
    """Who an account is at a provider of OpenID Connect: issuer and subject, which stay."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    provider = models.TextField(help_text="The provider's code when it was linked")
    issuer = models.TextField()
    subject = models.TextField()
    linked_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, delete=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_per_subject")
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


class Grace(models.Model):
    """An official who was here before second factors were: `since` when the time to get one runs.

    It begins at the first log-in at which one is demanded. Who comes later has no row, and gets a
    second factor at the first log-in.
    """

    account = models.OneToOneField("accounts.Account", models.CASCADE, primary_key=True)
    since = models.DateTimeField(null=True)

    privileges = Privileges(select=ALL, update=("since",))

    def __str__(self) -> str:
        return f"grace of {self.account_id}"
