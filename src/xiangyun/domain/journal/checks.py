"""Audit the whole journal: recompute every leaf, every node and every signed head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice

from django.db import connection

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.ledger import Frontier, Position

from . import leaf, proof, queries, signatures
from .comparisons import COMPARISONS
from .models import Entry, Head, Leaf
from .signatures import TrustedKeys

_CHUNK = 1_000
_EVERY = 2**31 - 1
_LOST = bytes(32)  # stands in for a hash that is nowhere to be found


Report = Callable[[float], None]


def audit(
    trusted: TrustedKeys, at_most: int = 100, report: Report = lambda share: None
) -> list[Finding]:
    """Everything wrong with the journal, at most so many findings; empty when it is whole.

    Reads all entries once, in pieces; `report` is told the share that is done, from 0 to 1. Raises
    PermissionError unless the platform itself asks (`acting_as(SYSTEM)`): to anyone else, entries
    they may not read would look like lost ones.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT xiangyun_is_system()")
        if cursor.fetchone() != (True,):
            raise PermissionError(
                "the journal is audited by the platform itself: acting_as(SYSTEM)"
            )
    return list(islice(chain(_tree(trusted, report), _unsealed()), at_most))


def compared(at_most: int = 100) -> list[Finding]:
    """Everything in the tables that is not as the journal says, at most so many findings.

    As the platform, like `audit`: see `comparisons`.
    """
    return list(islice(chain.from_iterable(each() for each in COMPARISONS.values()), at_most))


def _tree(trusted: TrustedKeys, report: Report) -> Iterator[Finding]:
    size, frontier = 0, Frontier()
    for head in Head.objects.order_by("-size"):
        # Over more leaves than there are: a trusted key says that some are lost, any other lies.
        if head.size <= queries.leaf_count() or _is_signed(head, trusted):
            size = head.size
            break
        yield _finding("E005", _signature(f"{head.size} ({head.key_id})"))
    while frontier.size < size:
        start, end = frontier.size, min(frontier.size + _CHUNK, size)
        heads = {head.size: head for head in Head.objects.filter(size__gt=start, size__lte=end)}
        entries = _entries(start, end)
        stored = queries.stored_nodes(Position(0, index) for index in range(start, end))
        grown: list[tuple[Position, bytes]] = []
        for index in range(start, end):
            hashed = stored.get(Position(0, index), _LOST)
            yield from _leaf(index, hashed, entries.get(index))
            frontier, completed = frontier.append(hashed)
            grown += completed
            if frontier.size in heads:
                yield from _head(heads[frontier.size], frontier.root(), trusted)
        report(end / size)
        stored |= queries.stored_nodes(position for position, _ in grown if position.level)
        for position, hashed in grown:
            if stored.get(position) != hashed:
                yield _finding("E003", _node(f"{position.level}/{position.offset}"))
    for beyond in Leaf.objects.filter(index__gte=size):
        yield _finding("E008", _beyond(str(beyond.index)))


def _entries(start: int, end: int) -> dict[int, Entry]:
    leaves = Leaf.objects.filter(index__gte=start, index__lt=end).select_related("entry")
    return {leaf.index: leaf.entry for leaf in leaves}


def _leaf(index: int, hashed: bytes, entry: Entry | None) -> Iterator[Finding]:
    if entry is None:
        yield _finding("E002", _missing(str(index)))
    elif leaf.hash_of(leaf.leaf_text(entry)) != hashed:
        yield _finding("E001", _changed(f"{entry.pk} ({entry.verb} {entry.subject})"))


def _head(head: Head, root: bytes, trusted: TrustedKeys) -> Iterator[Finding]:
    if bytes(head.root) != root:
        yield _finding("E004", _root(str(head.size)))
    if not _is_signed(head, trusted):
        yield _finding("E005", _signature(f"{head.size} ({head.key_id})"))


def _is_signed(head: Head, trusted: TrustedKeys) -> bool:
    given = queries.head_json(head)
    value = proof.head_value(given["size"], given["root"], given["at"])
    return signatures.holds(given["signature"], trusted, proof.HEAD_PURPOSE, value)


def _unsealed() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM xiangyun_journal_waiting(%s)", [_EVERY])
        waiting = {entry for (entry,) in cursor}
    for entry in Entry.objects.filter(sealed=None).iterator(_CHUNK):
        if entry.pk not in waiting:
            yield _finding("E006", _forgotten(str(entry.pk)))
        if leaf.hash_of(leaf.leaf_text(entry)) != bytes(entry.leaf):
            yield _finding("E001", _changed(f"{entry.pk} ({entry.verb} {entry.subject})"))


def _finding(number: str, words: Text) -> Finding:
    return Finding(f"journal.{number}", "error", words, hint=_DO)


def _changed(entry: str) -> Text:
    return Text(
        "记录 {entry} 与其叶子不符，被改动过。",
        "Entry {entry} does not match its leaf: it was changed.",
        entry=entry,
    )


def _missing(leaf: str) -> Text:
    return Text("第 {leaf} 号叶子的记录不见了。", "The entry of leaf {leaf} is gone.", leaf=leaf)


def _node(node: str) -> Text:
    return Text(
        "树节点 {node} 与其叶子不符。",
        "Tree node {node} does not follow from the leaves below it.",
        node=node,
    )


def _root(size: str) -> Text:
    return Text(
        "含 {size} 条记录的树根与其叶子不符。",
        "The head of {size} leaves does not follow from them.",
        size=size,
    )


def _signature(head: str) -> Text:
    return Text(
        "含 {head} 条记录的树根签名无效或密钥不受信任。",
        "The signature of the head of {head} leaves is wrong or its key is not trusted.",
        head=head,
    )


def _forgotten(entry: str) -> Text:
    return Text(
        "记录 {entry} 既未封存也不在待封存之列。",
        "Entry {entry} is neither sealed nor waiting for it.",
        entry=entry,
    )


def _beyond(leaf: str) -> Text:
    return Text(
        "第 {leaf} 号叶子不在任何已签名的树根之下。",
        "Leaf {leaf} lies under no signed head.",
        leaf=leaf,
    )


_DO = Text(
    "请保留现状并与备份比对；引用受影响记录的回执仍可证明原文。",
    "Keep the state as it is and compare it with a backup; receipts still prove the original text.",
)
