"""Issued certificates. What one says never changes; only whether it stands does."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges
from xiangyun.domain.vault.rows import WORDS, SealedRow
from xiangyun.domain.vault.sealing import MASK, Seal
from xiangyun.kernel.findings import Text

SEALED_TEXTS = ("number", "holder_name", "holder_code", "page")


class Status(models.TextChoices):
    """Whether it stands (证照状态, GB/T 36903). That its term ran out is no status but a date."""

    VALID = "valid", "有效"
    SUSPENDED = "suspended", "暂停"
    REVOKED = "revoked", "撤销"
    WITHDRAWN = "withdrawn", "吊销"
    CANCELLED = "cancelled", "注销"
    REPLACED = "replaced", "已换发"


class Certificate(SealedRow):
    """One certificate as issued, with its page and its signature.

    Of a sealed case, what it says of its holder is encrypted; its holder, and whoever presents its
    identifier, read it.

    Row-level security shows it to its owner, to the offices of its division, and to whoever
    presents its identifier; a trigger refuses any change but that of its status.
    """

    masks: ClassVar = {
        **dict.fromkeys(SEALED_TEXTS, MASK),
        "content": {"type": {"name": WORDS}, "holder": {}, "authority": {}, "fields": []},
    }
    identifier = models.TextField(primary_key=True)
    type_code = models.TextField()
    kind = models.TextField(help_text="The id of its specification in the pack")
    number = models.TextField(help_text="What it is known by, such as a unified code")
    holder_name = models.TextField()
    holder_code = models.TextField()
    owner = models.UUIDField(null=True)
    division = models.BigIntegerField()
    matter = models.IntegerField(default=0, db_default=0)
    need = models.SmallIntegerField(default=0, db_default=0)
    authority_name = models.TextField()
    authority_code = models.TextField()
    content = models.JSONField()
    page = models.TextField(help_text="The whole file: the page with its signed data")
    page_hash = models.TextField()
    signature = models.JSONField()
    case_number = models.TextField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    status = models.TextField(choices=Status.choices, default=Status.VALID)
    status_since = models.DateTimeField()
    reason_code = models.TextField(blank=True, default="")
    reason_text = models.TextField(blank=True, default="")

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("status", "status_since", "reason_code", "reason_text"),
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "-issued_on"], name="certificates_of_owner"),
            models.Index(fields=["kind", "number"], name="certificates_by_number"),
            models.Index(fields=["case_number"], name="certificates_from_case"),
        ]

    @property
    def seal_scope(self) -> str:
        return f"certificate/{self.identifier}"

    def seal(self) -> None:
        """Encrypt what it says of its holder, before it is stored."""
        of, table = Seal(self.seal_scope), self._meta.db_table
        for name in SEALED_TEXTS:
            setattr(self, name, of.text(getattr(self, name), f"{table}.{name}"))
        self.content = of.value(self.content, f"{table}.content")

    @property
    def name(self) -> Text:
        """What kind of certificate it is, such as 营业执照."""
        return Text.from_json(self.content["type"]["name"])

    def __str__(self) -> str:
        return self.identifier


class StatusEntry(models.Model):
    """A place in a status list: of a certificate, of a copy in a wallet, or of a copy for one use.

    Its index is drawn, and each copy has one of its own, so that two of them cannot be told to be
    of one certificate. Whoever may read the certificate may read it.
    """

    list = models.IntegerField(help_text="The number of the status list")
    index = models.IntegerField(help_text="Drawn, from 0")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="entries")
    kind = models.TextField(help_text="certificate, wallet or copy")
    short_code = models.TextField(null=True, unique=True)
    purpose = models.TextField(blank=True, default="")
    until = models.DateField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("ended_at",),
        sequences=("certificates_statusentry_id_seq",),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "index"], name="one_entry_an_index")
        ]

    def __str__(self) -> str:
        return f"{self.list}/{self.index}"


class PublishedList(models.Model):
    """A status list as it was signed last: for everybody, and it names nobody."""

    number = models.IntegerField(primary_key=True)
    token = models.TextField()
    made_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, update=("token", "made_at"))

    def __str__(self) -> str:
        return str(self.number)


class OneTime(models.Model):
    """What is used once (a nonce, an offer), or what a verifier asked for; gone after minutes.

    `id` is drawn, or the digest of what was used; `value` what was asked for and then shown.
    """

    id = models.TextField(primary_key=True)
    until = models.DateTimeField(db_index=True)
    value = models.JSONField(null=True)

    privileges = Privileges(select=ALL, insert=ALL, update=("value",), delete=True)

    def __str__(self) -> str:
        return self.id
