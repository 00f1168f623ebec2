"""Record what happened; seal what was recorded."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction

from xiangyun.domain.vault.sealing import Seal
from xiangyun.kernel.codes import resident
from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.ledger import Frontier, Position, peaks
from xiangyun.manifest import verbs

from . import checks, leaf, queries, signatures
from .models import Audit, Entry, Head, HeadAside, scope_of
from .ports import Signer
from .proof import HEAD_PURPOSE, head_value
from .signatures import TrustedKeys

SEALED = 2
"""The class whose private parts are encrypted; see kernel/service/secrecy.py."""
_SEAL_LOCK = 0x7869616E67  # any number that no other advisory lock uses; these bytes spell "xiang"

_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
"""A SHA-256. Of a million a few have eighteen digits in a row that could be somebody's number, and
what proves an entry would be closed up with what is personal."""
_COLUMNS = [field for field in Entry._meta.local_concrete_fields if not field.primary_key]


@dataclass(slots=True)
class NewEntry:
    """An entry with its salt that is not recorded yet; the fields are those of `Entry`.

    Its leaf is made when it is recorded: until then its private part may grow.
    """

    at: datetime
    verb: str
    subject: str
    division: int
    owner: UUID | None
    actor: UUID | None
    actor_name: str
    desk: str
    salt: bytes
    data: Mapping[str, object]
    private: Mapping[str, object]
    leaf: bytes = b""
    matter: int = 0
    need: int = 0


# The id is drawn beforehand, not read back with RETURNING: that would be a read under row-level
# security, and whoever acts need not be allowed to read the entry about the act.
_INSERT = f"""
WITH drawn AS MATERIALIZED (SELECT nextval('journal_entry_id_seq') AS id),
put AS (
    INSERT INTO journal_entry (id, {", ".join(field.attname for field in _COLUMNS)})
    SELECT id{", %s" * len(_COLUMNS)} FROM drawn
)
SELECT id FROM drawn
"""


def record(new: NewEntry, using: str = "default") -> Entry:
    """Record one entry, made by `entry_of`, in the caller's transaction and in one statement.

    `using`: the connection of that transaction, where the owner of the tables works. Raises Refused
    `ledger.E001` for a value that has no canonical JSON.
    """
    entry, values = _as_columns(new)
    with connections[using].cursor() as cursor:
        cursor.execute(_INSERT, values)
        (entry.id,) = cursor.fetchone()
    entry._state.adding = False
    return entry


def record_all(entries: Iterable[NewEntry], using: str = "default") -> list[bytes]:
    """Record many entries in their order, in the caller's transaction; as `record` does of one.

    Their leaf hashes, in that order.
    """
    made = [_as_columns(each) for each in entries]
    with connections[using].cursor() as cursor:
        cursor.executemany(_INSERT, [values for _, values in made])
    return [bytes(entry.leaf) for entry, _ in made]


def _as_columns(new: NewEntry) -> tuple[Entry, list[Any]]:
    """An entry with its leaf, and its values as the database takes them."""
    new.leaf = leaf.hash_of(leaf.leaf_text(new))
    entry = Entry(**{field.attname: getattr(new, field.attname) for field in _COLUMNS})
    kept = {"private": _private(new)} if new.need == SEALED else {}
    return entry, [
        field.get_db_prep_save(kept.get(field.attname, getattr(entry, field.attname)), connection)
        for field in _COLUMNS
    ]


def record_once(new: NewEntry, since: datetime) -> None:
    """Record that somebody looked, unless the same look stands in the journal since that moment.

    For looks at personal data: ten pages of one case are one look of the day. Two windows of one
    person take turns.
    """
    if queries.is_recorded(new, since):
        return
    with connection.cursor() as cursor:
        # Locks of two numbers are other locks than those of one, such as that of sealing.
        keys = [new.subject, str(new.actor)]
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", keys)
    if not queries.is_recorded(new, since):
        record(new)


def entry_of(
    *,
    verb: str,
    subject: str,
    division: int,
    owner: UUID | None,
    actor: UUID | None,
    actor_name: str,
    desk: str,
    at: datetime,
    data: Mapping[str, object],
    private: Mapping[str, object] | None = None,
    matter: int = 0,
    need: int = 0,
) -> NewEntry:
    """An entry with its salt, not yet recorded.

    `data` is public: what a stranger may read in a receipt. Personal details belong in `private`;
    like owner, actor and actor's name they reach the leaf only as salted digests. Values are str,
    int, bool, None, lists and mappings. A value that shows a resident's identity number is taken
    for private, whatever the caller thought. `matter` and `need` say who may read it, beside the
    place, and are no part of the leaf. Raises Refused `journal.E011` for a verb that nobody has
    declared.
    """
    if verb not in verbs():
        raise Conflict([_undeclared(verb)])
    personal = {key for key, value in data.items() if _names_a_resident(value)}
    return NewEntry(
        at=at,
        verb=verb,
        subject=subject,
        division=division,
        owner=owner,
        actor=actor,
        actor_name=actor_name,
        desk=desk,
        salt=secrets.token_bytes(16),
        data={key: value for key, value in data.items() if key not in personal},
        private={key: data[key] for key in personal} | dict(private or {}),
        matter=matter,
        need=need,
    )


def erase(subject: str, *, why: str, by: UUID | None, by_name: str, at: datetime) -> int:
    """Erase the personal details of all entries about a subject, for good; how many had some.

    Names, notes and the salts of their digests go; what happened, when and at which desk stays, and
    each entry still proves itself, since the digests stay. Without its salt a digest cannot be
    guessed. One entry says that it was done. As the platform (`acting_as(SYSTEM)`): whether the
    time has come is for whoever calls. Receipts that were handed out keep what they have.
    """
    with transaction.atomic():
        found = [each for each in Entry.objects.filter(subject=subject) if not leaf.is_erased(each)]
        with connection.cursor() as cursor:
            for each in found:
                told = json.dumps(leaf.digests(each))
                cursor.execute("SELECT xiangyun_journal_erase(%s, %s)", [each.pk, told])
        if found:
            last = found[-1]
            record(
                entry_of(
                    verb="journal.erased",
                    subject=subject,
                    division=last.division,
                    owner=None,
                    actor=by,
                    actor_name=by_name,
                    desk="",
                    at=at,
                    data={"entries": len(found)},
                    private={"why": why} if why else {},
                    matter=last.matter,
                    need=last.need,
                )
            )
    return len(found)


_IN_A_STEP = tuple(name for name in NewEntry.__slots__ if name not in ("matter", "need"))
"""A step knows these two from its case."""


def as_row(entry: NewEntry) -> dict[str, object]:
    """An entry as a step of a case hands it to its one statement; see store.py of `cases`.

    Raises Refused as `record` does.
    """
    row = {name: getattr(entry, name) for name in _IN_A_STEP}
    if entry.need == SEALED:
        row["private"] = _private(entry)
    hashed = leaf.hash_of(leaf.leaf_text(entry)).hex()
    return row | {"salt": f"\\x{entry.salt.hex()}", "leaf": f"\\x{hashed}"}


def _private(entry: NewEntry) -> object:
    """The private part of an entry about something sealed, as it is stored."""
    if not entry.private:
        return {}
    about = f"{Entry._meta.db_table}.private"
    return Seal(scope_of(entry.subject)).value(dict(entry.private), about)


def _names_a_resident(value: object) -> bool:
    """Whether an identity number (GB 11643) stands anywhere in a value, such as a typed note."""
    match value:
        case str():
            told = len(value) >= 18 and not _DIGEST.fullmatch(value)
            numbers = _IDENTITY.findall(value) if told else ()
            return any(resident.problem(found) is None for found in numbers)
        case Mapping():
            return any(_names_a_resident(inner) for inner in value.values())
        case list() | tuple():
            return any(_names_a_resident(inner) for inner in value)
    return False


def seal(at: datetime, signer: Signer, at_most: int = 10_000) -> Head | None:
    """Give waiting entries their places in the tree and sign its new head; None without any.

    Sees every committed entry, whoever acts. Two at once take turns; an entry committed late,
    with a lower id, is sealed by the next call. Writes about two nodes an entry. Call it again
    while it returns a head: `at_most` bounds one transaction. Raises Refused `journal.E007` when
    the stored tree does not match the last signed head (it never signs on top of a damaged tree)
    and `journal.E009` when the clock stands before that head.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEAL_LOCK])
        cursor.execute("SELECT entry_id, leaf FROM xiangyun_journal_waiting(%s)", [at_most])
        waiting = cursor.fetchall()
        if not waiting:
            return None
        frontier = _frontier(at)
        nodes: list[tuple[Position, bytes]] = []
        for _, hashed in waiting:
            frontier, completed = frontier.append(bytes(hashed))
            nodes += completed
        root = frontier.root()
        value = head_value(frontier.size, root.hex(), leaf.moment(at))
        signature = signatures.sign(signer, HEAD_PURPOSE, value)
        cursor.execute(
            _SEAL,
            [
                [entry for entry, _ in waiting],
                [position.level for position, _ in nodes],
                [position.offset for position, _ in nodes],
                [hashed for _, hashed in nodes],
                *(root, at, signature["algorithm"], signature["key_id"]),
                base64.b64decode(signature["value"]),
            ],
        )
        return Head.objects.get(size=frontier.size)


_SEAL = (
    "SELECT xiangyun_journal_seal(%s::bigint[], %s::smallint[], %s::bigint[], %s::bytea[],"
    " %s, %s, %s, %s, %s)"
)


def _frontier(at: datetime) -> Frontier:
    """The right edge of the stored tree, checked against the last signed head."""
    last = queries.latest_head()
    if last is None:
        return Frontier()
    wanted = peaks(last.size)
    stored = queries.stored_nodes(wanted)
    if len(stored) == len(wanted) and queries.leaf_count() == last.size:
        frontier = Frontier(last.size, tuple(stored[position] for position in wanted))
        if frontier.root() == bytes(last.root):
            if at < last.at - _SLACK:
                raise Conflict([_set_back(at, last.at)])
            return frontier
    raise Conflict([Finding("journal.E007", "error", _DAMAGED, hint=_AUDIT)])


def set_aside(size: int, *, trusted: TrustedKeys, at: datetime, using: str = "owner") -> None:
    """Set a false tree head aside, as the owner of the tables: from then on sealing goes on.

    False is a head that does not follow from the stored leaves, or that no trusted key signed. It
    is kept in a table beside the others, and the journal says that it was set aside. Raises
    Refused `journal.E010` for a head that is true or not there.
    """
    with transaction.atomic(using):
        head = Head.objects.using(using).filter(size=size).first()
        if head is None or queries.is_true(head, trusted):
            raise Conflict([_not_false(size)])
        HeadAside.objects.using(using).create(
            set_aside_at=at,
            **{field.attname: getattr(head, field.attname) for field in Head._meta.concrete_fields},
        )
        head.delete(using=using)
    record(
        entry_of(
            verb="journal.head_set_aside",
            subject=f"journal/{size}",
            division=0,
            owner=None,
            actor=None,
            actor_name="",
            desk="",
            at=at,
            data={"size": size, "root": bytes(head.root).hex(), "key": head.key_id},
        )
    )


def audit_whole(
    trusted: TrustedKeys, clock: Callable[[], datetime], report: checks.Report = lambda share: None
) -> Audit:
    """Audit the journal, compare the tables with it, and keep the result before the operator.

    Recomputes every leaf, node and head, then asks every comparison. As the platform
    (`acting_as(SYSTEM)`); `clock` says what time it is, `report` is told the share done.
    """
    begun = clock()
    found = checks.audit(trusted, report=lambda share: report(share * 0.7))
    found += checks.compared()
    report(1.0)
    return Audit.objects.create(
        begun_at=begun,
        ended_at=clock(),
        leaves=queries.leaf_count(),
        cases=Entry.objects.filter(verb__in=("case.submitted", "case.opened")).count(),
        findings=[{"id": each.id, "zh": each.message.zh, "en": each.message.en} for each in found],
    )


_SLACK = timedelta(seconds=5)
"""By how much a clock that is being corrected may stand before the last head."""


def _set_back(at: datetime, last: datetime) -> Finding:
    now, then = leaf.moment(at), leaf.moment(last)
    return Finding(
        "journal.E009",
        "error",
        Text(
            "时钟（{now}）早于上一次签名的树根（{then}），已停止封存。",
            "The clock ({now}) stands before the last signed head ({then}); nothing is signed.",
            now=now,
            then=then,
        ),
        hint=Text(
            "请校准时钟（timedatectl），封存会自行继续；时钟无误时请运行 xiangyun audit。",
            "Set the clock right (timedatectl) and sealing goes on by itself; if it is right, "
            "run xiangyun audit.",
        ),
    )


def _not_false(size: int) -> Finding:
    return Finding(
        "journal.E010",
        "error",
        Text(
            "没有含 {size} 条记录的虚假树根。",
            "There is no false tree head of {size} leaves.",
            size=size,
        ),
        hint=Text("请运行 xiangyun audit，查看是哪一个。", "xiangyun audit says which one it is."),
    )


def _undeclared(verb: str) -> Finding:
    return Finding(
        "journal.E011",
        "error",
        Text("没有应用声明动词“{verb}”。", "No app declares the verb “{verb}”.", verb=verb),
        hint=Text(
            "请写进应用的 manifest，或服务任务的类型。",
            "Declare it in the manifest of the app, or in the type of the service task.",
        ),
    )


_DAMAGED = Text(
    "日志树与上一次签名的树根不符，已停止封存。",
    "The stored tree does not match its last signed head; sealing has stopped.",
)
_AUDIT = Text(
    "请运行 xiangyun audit：树根虚假时用 --set-aside 移开，树受损时从备份恢复。",
    "Run xiangyun audit: a false head is set aside with --set-aside, a damaged tree is restored "
    "from a backup.",
)
