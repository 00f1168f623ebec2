"""What is computed and what is open: figures, data sets in their releases, what others publish."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q, Value

from xiangyun.domain.privileges import ALL, Privileges
from xiangyun.kernel.findings import Text


class Figure(models.Model):
    """A figure of an indicator: of one period, in one division, of one part or of all (empty).

    `level` is the number of digits that tell divisions of its level apart; `counted` how many rows
    it was computed of.
    """

    id = models.BigAutoField(primary_key=True)
    indicator = models.TextField(db_collation="C")
    period = models.DateField(help_text="The first day")
    level = models.SmallIntegerField()
    place = models.BigIntegerField()
    part = models.TextField(db_collation="C", blank=True, default="")
    counted = models.BigIntegerField()
    value = models.DecimalField(max_digits=38, decimal_places=8, null=True)

    privileges = Privileges(
        select=ALL, insert=ALL, delete=True, sequences=("datasets_figure_id_seq",)
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "period", "level", "place", "part"], name="one_figure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period} {self.place}"


class Computed(models.Model):
    """How far an indicator is computed: from its first period through the last that is over."""

    indicator = models.TextField(primary_key=True)
    version = models.IntegerField(help_text="Of the declaration that it was computed by")
    since = models.DateField(null=True)
    through = models.DateField(null=True)
    at = models.DateTimeField()
    problem = models.TextField(blank=True, default="")

    privileges = Privileges(select=ALL, insert=ALL, update=ALL)

    def __str__(self) -> str:
        return self.indicator


ENDED = Text(
    "其中有记录已不再公示；只提供最新一版。",
    "Something in it is published no more; only the latest release is given out.",
)
"""Why a release is withdrawn by the platform, kept as the Chinese words of it."""


class Release(models.Model):
    """One version of a data set: built, then published by somebody else, perhaps withdrawn.

    What it holds never changes. `whole` names the table before anything was hidden in it, which the
    next release is compared with; it is never shown.
    """

    class State(models.TextChoices):
        """Where it stands."""

        BUILT = "built", "待发布"
        PUBLISHED = "published", "已发布"
        REJECTED = "rejected", "未通过"
        WITHDRAWN = "withdrawn", "已撤下"

    id = models.BigAutoField(primary_key=True)
    dataset = models.TextField(db_collation="C")
    number = models.PositiveIntegerField()
    version = models.IntegerField(help_text="Of the declaration")
    state = models.TextField(choices=State.choices)
    period = models.DateField(null=True, help_text="The last period in it, by its first day")
    due_on = models.DateField(null=True, help_text="The day by which it was to be published")
    rows = models.BigIntegerField()
    size = models.BigIntegerField()
    digest = models.TextField(db_index=True, help_text="Of the Parquet file, among the files")
    content = models.TextField(help_text="The digest of its rows, whatever the file's form")
    whole = models.TextField(blank=True, default="", db_index=True)
    schema = models.JSONField(help_text="The columns, as a Table Schema")
    difference = models.JSONField(null=True, help_text="From the release before")
    hidden = models.JSONField(null=True, help_text="What was hidden and how it was attacked")
    built_at = models.DateTimeField()
    built_by = models.UUIDField(null=True)
    built_by_name = models.TextField()
    published_at = models.DateTimeField(null=True)
    published_by_name = models.TextField(blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True, default="")

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("state", "published_at", "published_by_name", "withdrawn_at", "withdrawn_why"),
        sequences=("datasets_release_id_seq",),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "number"], name="one_release_per_number"),
            models.UniqueConstraint(
                fields=["dataset"], condition=Q(state="built"), name="one_waiting_release"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-published_at"], name="releases_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"

    @property
    def why(self) -> Text:
        """Why it was withdrawn, in the words of whoever did it."""
        words = self.withdrawn_why
        return ENDED if words == ENDED.zh else Text.given(words, words)


class Listing(models.Model):
    """An entry of the catalogue as it is searched: a data set, a register, an interface.

    `terms` are the words of its names, columns and keywords: Chinese in pairs of characters.
    `told` is what a list shows of it. `source`: the harvest that it came by, empty for our own.
    """

    code = models.TextField(primary_key=True, db_collation="C")
    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("datasets_listing_number"), function="nextval"),
        help_text="By which it is counted in memory",
    )
    kind = models.TextField(db_collation="C")
    organization = models.TextField(db_collation="C")
    group = models.TextField(db_collation="C", blank=True, default="")
    opening = models.TextField(db_collation="C")
    sharing = models.TextField(db_collation="C", blank=True, default="")
    formats = ArrayField(models.TextField(), default=list)
    tags = ArrayField(models.TextField(), default=list)
    series = models.TextField(blank=True, default="")
    source = models.TextField(db_collation="C", blank=True, default="")
    title = models.TextField(db_collation="C", help_text="By which lists are sorted")
    modified = models.DateTimeField()
    score = models.SmallIntegerField(default=0, help_text="Quality, of 100")
    terms = ArrayField(models.TextField(), default=list)
    told = models.JSONField()

    privileges = Privileges(
        select=ALL, insert=ALL, update=ALL, delete=True, sequences=("datasets_listing_number",)
    )

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["terms"], name="listings_by_term"),
            models.Index(fields=["-modified", "code"], name="listings_by_day"),
            models.Index(fields=["title", "code"], name="listings_by_title"),
            models.Index(fields=["source"], name="listings_by_source"),
        ]

    def __str__(self) -> str:
        return self.code


class Relisted(models.Model):
    """The revision of the catalogue: a trigger gives it a new one with each change of entries."""

    id = models.SmallIntegerField(primary_key=True)
    revision = models.BigIntegerField()

    privileges = Privileges(select=ALL, update=("revision",), sequences=("datasets_revision",))

    def __str__(self) -> str:
        return str(self.revision)


class Harvest(models.Model):
    """Another catalogue that is taken over, and how it went the last time."""

    name = models.TextField(primary_key=True, db_collation="C")
    address = models.TextField()
    kind = models.TextField(help_text="ckan or dcat")
    at = models.DateTimeField(null=True)
    seen = models.JSONField(default=dict, help_text="By identifier, the digest of what came")
    result = models.JSONField(null=True)
    problem = models.TextField(blank=True, default="")

    privileges = Privileges(select=ALL, insert=ALL, update=ALL, delete=True)

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """Somebody who is told of each new release of a data set, or of a series."""

    id = models.BigAutoField(primary_key=True)
    account = models.UUIDField()
    dataset = models.TextField(db_collation="C")
    since = models.DateTimeField()

    privileges = Privileges(
        select=ALL, insert=ALL, delete=True, sequences=("datasets_subscription_id_seq",)
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "account"], name="one_subscription")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.dataset}"


class Recomputed(models.Model):
    """A register decided anew by a pack for a period: when, and how many records changed."""

    pack = models.TextField(db_collation="C")
    period = models.TextField(db_collation="C", help_text="`2026-11-28`, `2026-11` or `2026`")
    on = models.DateField()
    at = models.DateTimeField()
    changed = models.BigIntegerField()

    privileges = Privileges(select=ALL, insert=ALL, sequences=("datasets_recomputed_id_seq",))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack", "period"], name="once_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.period}"
