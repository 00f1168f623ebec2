"""Cases (办件): the application, where it stands, and everything that hangs on it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from xiangyun.domain.editions import Marked
from xiangyun.domain.privileges import ALL, READ, Privileges
from xiangyun.domain.vault.rows import WORDS, SealedRow
from xiangyun.domain.vault.sealing import MASK


class OfACase(SealedRow):
    """What hangs on a case, or is one, and is sealed with it."""

    class Meta:
        abstract = True

    @property
    def seal_scope(self) -> str:
        return f"case/{self._of_case}"

    @property
    def _of_case(self) -> uuid.UUID:
        found: uuid.UUID = self.case_id  # type: ignore[attr-defined]
        return found


class Belongs(models.Model):
    """What has a matter and a need beside its place; see docs/explanation/who-sees-what.md."""

    matter = models.IntegerField(
        default=0, db_default=0, help_text="The department's number; 0 for nobody's"
    )
    need = models.SmallIntegerField(
        default=0, db_default=0, help_text="0 ordinary, 1 handlers, 2 sealed"
    )

    class Meta:
        abstract = True


class Draft(OfACase, Belongs):
    """An application being written. Its id becomes the id of the case: sent twice, made once.

    Whoever sees it is writing it, and reads it whole.
    """

    masks: ClassVar = {"answers": {}}
    nested: ClassVar = ("answers",)
    masked_for_officials = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey("catalogue.ServiceVersion", models.PROTECT)
    owner = models.UUIDField()
    filed_by = models.UUIDField(null=True)
    filed_desk = models.TextField(blank=True, default="")
    filed_in = models.BigIntegerField(null=True)
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sent = models.BooleanField(default=False)
    opened = models.TextField(
        default="applicant", db_default="applicant", help_text="How its case opens"
    )

    privileges = Privileges(select=ALL, insert=ALL, update=("answers", "updated_at"), delete=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "-updated_at"])]

    @property
    def _of_case(self) -> uuid.UUID:
        return self.pk

    def __str__(self) -> str:
        return f"draft {self.id}"


class Case(OfACase, Belongs):
    """One case. It lives by one version of its service and in one competent division."""

    masks: ClassVar = {
        "subject": MASK,
        "applicant_name": MASK,
        "variables": {},
        "state": None,
        "parts": None,
    }
    nested: ClassVar = ("variables",)

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.TextField(unique=True)
    version = models.ForeignKey("catalogue.ServiceVersion", models.PROTECT)
    division = models.BigIntegerField(help_text="The competent division")
    owner = models.UUIDField()
    applicant_name = models.TextField()
    subject = models.TextField(help_text="What it is about, such as the company's name")
    filed_by = models.UUIDField(null=True, help_text="The desk official who filed for the citizen")
    filed_by_name = models.TextField(blank=True, default="")
    filed_desk = models.TextField(blank=True, default="")
    filed_in = models.BigIntegerField(null=True)
    variables = models.JSONField()
    state = models.TextField(null=True, help_text="The engine's state as compact JSON")
    # Called processes by their numbers, and under "" how many the main one called; see
    # handlers/processes.py. Null in a case that never called any.
    parts = models.JSONField(null=True, help_text="The called processes under way")
    # By the id of the wait: {"message": name, "key": key} or {"signal": name}.
    awaiting = models.JSONField(default=dict)
    # Elements that the platform did by itself; people's tasks have rows of their own.
    passed = ArrayField(models.TextField(), default=list)
    outcome = models.TextField(blank=True, default="")
    submitted_at = models.DateTimeField()
    clock_from = models.DateField(help_text="The day the statutory and promised time run from")
    clock_stopped = models.DateField(null=True)
    due_on = models.DateField(help_text="By the promised time")
    statutory_on = models.DateField(help_text="By the statutory time")
    ended_at = models.DateTimeField(null=True)
    # [{"token", "kind", "reason": {"zh", "en"}, "from", "to"}], in order
    pauses = models.JSONField(default=list, help_text="When its clock stood still, and why")
    # {"promised", "statutory": days, "stages", "extensions", "due"}; see clock.py
    clocks = models.JSONField(default=dict, help_text="The limits of its clocks, and its stages")
    revision = models.IntegerField(default=0, help_text="Counts its steps; see store.py")

    privileges = Privileges(select=ALL, sequences=("cases_number",))

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "-submitted_at"]),
            models.Index(
                fields=["division", "due_on", "id"], condition=Q(ended_at=None), name="open_cases"
            ),
            models.Index(
                fields=["division", "due_on", "id"],
                condition=Q(need__gt=0, ended_at=None),
                name="secret_cases",
            ),
            models.Index(
                fields=["division", "ended_at"],
                condition=Q(ended_at__isnull=False),
                name="ended_cases",
            ),
        ]

    @property
    def _of_case(self) -> uuid.UUID:
        return self.pk

    def __str__(self) -> str:
        return self.number


def _open_work(name: str, *equal: str) -> models.Index:
    """An index over open work in which one lane of a queue is one range, in its order."""
    only = Q(closed_at=None)
    if "place" in equal:
        only &= Q(place__gt=0)
    return models.Index(
        fields=[*equal, "due_on", "amber_on", "id"],
        include=["division", "matter", "need", "case"],
        condition=only,
        name=name,
    )


class Kind(models.TextChoices):
    """What a work item is: a task of the drawing, or what the platform asks beside it.

    A request for more time holds its reason in the header `extension`; what stands still says why
    in the header `incident`.
    """

    TASK = "task", "任务"
    EXTENSION = "extension", "延期申请"
    INCIDENT = "incident", "停滞"


class WorkItem(OfACase, Belongs):
    """A user task that a case waits for, and after it is done, what was done."""

    masks: ClassVar = {"headers": {}, "inputs": {}, "note": MASK}
    nested: ClassVar = ("headers",)

    case = models.ForeignKey(Case, models.CASCADE, related_name="work_items", db_index=False)
    token = models.TextField(help_text="The engine's id of the task")
    kind = models.TextField(
        choices=Kind.choices, db_default=Kind.TASK, help_text="What asks for it; see Kind"
    )
    element = models.TextField()
    name = models.TextField()
    groups = ArrayField(models.TextField())
    headers = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict, help_text="The task's own values, such as a department")
    division = models.BigIntegerField()
    # By these four an official's queue is found; see queries/lanes.py. They have no default, so
    # that whoever writes a work item and forgets them is refused. Written by the store; columns
    # that PostgreSQL generates cost as much as the rest of the row, closing included.
    service = models.TextField(db_collation="C", help_text="The service's code")
    role = models.TextField(
        db_collation="C", help_text="Its one role; of several their set, as in RoleSet"
    )
    county = models.IntegerField(help_text="The first six digits of the division")
    place = models.BigIntegerField(help_text="The division, if a town or a village; otherwise 0")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    amber_on = models.DateField(help_text="The day from which it is shown in amber")
    own_due = models.BooleanField(
        default=False, help_text="Keeps its deadline when the case's moves"
    )
    escalated_at = models.DateTimeField(
        null=True, help_text="When a supervisor was told that it is overdue"
    )
    escalated_to = models.TextField(
        blank=True, db_default="", help_text="The role that was told; see escalation.py"
    )
    assigned = models.UUIDField(
        null=True, help_text="The account that took it, where only handlers may know"
    )
    closed_at = models.DateTimeField(null=True)
    action = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    by = models.UUIDField(null=True, help_text="The account that did it")
    by_name = models.TextField(blank=True, default="")
    by_desk = models.TextField(blank=True, default="")

    privileges = READ

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "token"], name="one_item_per_task")
        ]
        # Each begins with what is equal and goes on with the order of the queue. What is included
        # is what row-level security asks for: counting then touches the index alone.
        indexes: ClassVar = [
            _open_work("work_of_county", "role", "county"),
            _open_work("work_of_county_service", "role", "service", "county"),
            _open_work("work_of_place", "role", "place"),
            _open_work("work_of_place_service", "role", "service", "place"),
            # What nobody was told of yet; an applicant's own time is nobody's delay.
            models.Index(
                fields=["due_on", "id"],
                condition=Q(closed_at=None, escalated_at=None) & ~Q(groups__contains=["applicant"]),
                name="untold_work",
            ),
            models.Index(
                fields=["division", "due_on", "id"],
                condition=Q(closed_at=None, escalated_at__isnull=False),
                name="escalated_work",
            ),
            models.Index(
                fields=["role", "division", "due_on", "id"],
                condition=Q(need__gt=0, closed_at=None, assigned=None),
                name="untaken_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.element}"


class RoleSet(models.Model):
    """Roles that waited for one task together; `WorkItem.role` names the set.

    Hardly any task has two roles, so this table is short, and says which sets a role is in.
    """

    role = models.TextField(primary_key=True, db_collation="C")
    groups = ArrayField(models.TextField())

    privileges = READ

    def __str__(self) -> str:
        return self.role


class Edition(Marked):
    """Its mark changes with each new set of roles; of what cases write else, with nothing."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_role_sets")
        ]


class ServiceCall(OfACase):
    """Work asked of another system or department, answered later by a job."""

    masks: ClassVar = {"inputs": {}, "result": None, "problem": MASK}

    case = models.ForeignKey(Case, models.CASCADE, related_name="service_calls", db_index=False)
    token = models.TextField()
    element = models.TextField()
    type = models.TextField()
    headers = models.JSONField()
    inputs = models.JSONField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    problem = models.TextField(blank=True, default="")

    privileges = READ

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "token"], name="one_call_per_task")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.type}"


class Timer(models.Model):
    """A moment that a case waits for."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="timers", db_index=False)
    token = models.TextField()
    element = models.TextField()
    due = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    privileges = READ

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "token"], name="one_timer_per_token")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.due}"


class Decision(OfACase):
    """A decision the rules took: its value, the rows that fired, and the law behind each."""

    masks: ClassVar = {
        "value": None,
        "trace": {"decisions": [], "findings": [], "warnings": []},
    }

    case = models.ForeignKey(Case, models.CASCADE, related_name="decisions")
    element = models.TextField()
    decision = models.TextField()
    at = models.DateTimeField()
    value = models.JSONField(null=True)
    trace = models.JSONField()

    privileges = READ

    def __str__(self) -> str:
        return f"{self.case_id} {self.decision}"


class Letter(OfACase):
    """What the office wrote to the applicant, or to a party in another role, in both languages."""

    masks: ClassVar = {"title": WORDS, "body": WORDS}

    case = models.ForeignKey(Case, models.CASCADE, related_name="letters")
    kind = models.TextField()
    at = models.DateTimeField()
    to = models.TextField(
        default="applicant", db_default="applicant", help_text="The role it is addressed to"
    )
    title = models.JSONField(help_text='{"zh": …, "en": …}')
    # Besides, where there is one: "short", the words for telephones, and "number", the document's.
    body = models.JSONField(help_text='{"zh": …, "en": …}')

    privileges = READ

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Handler(OfACase):
    """Who knows of a case that only its handlers may: who has or had a task, and the named.

    An overseer knows of it until `ended_at`, the end of the day on which a reason was given.
    """

    masks: ClassVar = {"reason": MASK}

    class Kind(models.TextChoices):
        """Why somebody knows of it."""

        HANDLER = "handler", "经办"
        OVERSEER = "overseer", "监督"

    kind = models.TextField(choices=Kind.choices, default=Kind.HANDLER, db_default=Kind.HANDLER)
    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="handlers", db_index=False)
    account = models.UUIDField()
    name = models.TextField()
    since = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    named_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    privileges = READ

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "account"], name="one_handler_per_case_and_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class Circle(models.Model):
    """Who may come to know of such a case besides those of its tasks; see secrecy.py.

    `terms`: keyed hashes of what a sealed case is found by.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="circle")
    team = ArrayField(models.TextField(), help_text="Roles whose holders may be named")
    overseers = ArrayField(models.TextField(), help_text="Roles whose holders may look")
    terms = ArrayField(models.TextField(), help_text="Keyed hashes by which it is found")

    privileges = READ

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["terms"], name="sealed_terms")]

    def __str__(self) -> str:
        return str(self.case_id)


class CaseParty(OfACase):
    """A party of a case in a role that its service names, besides the one that applied."""

    masks: ClassVar = {"name": MASK}

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="parties", db_index=False)
    role = models.TextField(help_text="A role word of the service")
    party = models.UUIDField()
    name = models.TextField()
    sees = models.BooleanField(help_text="The case, and not its own letters alone")

    privileges = READ

    class Meta:
        db_table = "cases_party"
        indexes: ClassVar = [models.Index(fields=["party"], name="cases_of_party")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "role", "party"], name="one_role_of_a_party_in_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class ReportCode(models.Model):
    """The receipt code of an anonymous report: by it, and by nothing else, its reporter comes back.

    `party` stands for somebody unknown, in this one report. Of the code only its digest is kept.
    """

    digest = models.TextField(primary_key=True, help_text="SHA-256 of the code, in hex")
    party = models.UUIDField(unique=True)

    privileges = Privileges(select=ALL, insert=ALL)

    def __str__(self) -> str:
        return self.digest[:8]


class Material(OfACase):
    """A file handed in with an application. It comes with a draft and stays with the case."""

    masks: ClassVar = {"name": MASK}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="materials")
    question = models.TextField()
    name = models.TextField()
    media_type = models.TextField()
    size = models.PositiveIntegerField()
    digest = models.TextField(help_text="SHA-256; names the content among the files", db_index=True)
    content = models.BinaryField(
        null=True, help_text="Of what was handed in before files had a place of their own"
    )
    added_at = models.DateTimeField()
    instead = models.TextField(
        blank=True, default="", db_default="", help_text="What it stands for; empty: it is the file"
    )

    privileges = Privileges(select=ALL, insert=ALL, delete=True)

    @property
    def _of_case(self) -> uuid.UUID:
        return self.draft_id

    def __str__(self) -> str:
        return self.name


class TaskAnswers(OfACase, Belongs):
    """What the form of a task is answered with: a draft while the task is open, then what was sent.

    `revision` is its optimistic lock, counted from 1. `party` is whose answers they are, null for
    those of the office; `key` is that of the sending, so that one sent twice counts once.
    """

    masks: ClassVar = {"answers": {}}

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="task_answers", db_index=False)
    token = models.TextField(help_text="The task's token; see WorkItem")
    answers = models.JSONField(default=dict)
    revision = models.IntegerField(default=1)
    key = models.UUIDField(null=True)
    party = models.UUIDField(null=True)
    by = models.UUIDField(help_text="The account that wrote last")
    by_name = models.TextField()
    updated_at = models.DateTimeField()

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("answers", "revision", "key", "by", "by_name", "updated_at"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "token"], name="one_set_of_answers_per_task")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.token}"


class Evidence(OfACase, Belongs):
    """A file that was added to a task, such as a photo of a visit; its content lies in `files`."""

    masks: ClassVar = {"name": MASK}

    id = models.UUIDField(primary_key=True, editable=False, help_text="Chosen by who sends it")
    case = models.ForeignKey(Case, models.CASCADE, related_name="evidence", db_index=False)
    token = models.TextField(help_text="The task's token; see WorkItem")
    question = models.TextField()
    name = models.TextField()
    media_type = models.TextField()
    size = models.PositiveIntegerField()
    digest = models.TextField(help_text="SHA-256; names the content among the files", db_index=True)
    party = models.UUIDField(null=True)
    by = models.UUIDField()
    added_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, delete=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "token"], name="evidence_of_task")]

    def __str__(self) -> str:
        return self.name


class Rating(OfACase):
    """What the applicant thought of it (好差评, GB/T 39734): once a case, 1 to 5 stars."""

    masks: ClassVar = {"words": MASK}

    case = models.OneToOneField(Case, models.CASCADE, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stars}"
