"""Many messages of one sender in one signed request; each can be proven without the others.

The body is JSON with the members; the header field `exchange-bundle` is the root of a Merkle tree
(RFC 9162, 2.1.1) over what identifies each of them, and is signed. A journal keeps of one message
the signature, its own member and the hashes up to the root: whoever is shown these sees that the
sender has signed this very message, and nothing of those that travelled with it. The answer is made
in the same way.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from xiangyun.kernel.connector.bodies import read_body, write_body
from xiangyun.kernel.findings import Finding, Forbidden, Refused, Text
from xiangyun.kernel.ledger import (
    Position,
    canonical,
    inclusion_path,
    leaf_hash,
    root_hash,
    verify_inclusion,
)

from .envelopes import BUNDLE, Genuine

PATH = "bundle"
MOST = 200
"""So many messages travel together at most."""
MOST_BYTES = 1_000_000
"""Of the messages of one bundle; a longer one goes alone, as far as its connector allows."""


@dataclass(frozen=True, slots=True)
class Member:
    """A message of a bundle, or what is answered to one.

    `path`, `series`, `serial`, `follows`: of a message, as `ports.Outbound` has them. `status`,
    `wait` (seconds, 0 for nothing): of an answer. `leaf`: of the journal of whoever wrote it.
    """

    id: str
    body: bytes
    leaf: str = ""
    path: str = ""
    series: str = ""
    serial: int = 0
    follows: int = 0
    status: int = 0
    wait: int = 0

    @property
    def said(self) -> dict[str, str | int]:
        """What is signed of it: all but the body itself, and the body's digest."""
        found: dict[str, str | int] = {"id": self.id, "leaf": self.leaf}
        found["sha256"] = hashlib.sha256(self.body).hexdigest()
        if self.status:
            return {**found, "status": self.status, "wait": self.wait}
        found["path"] = self.path
        if self.series:
            found |= {"series": self.series, "serial": self.serial, "follows": self.follows}
        return found


@dataclass(frozen=True, slots=True)
class Bundle:
    """Members in their order, and the tree over them."""

    members: Sequence[Member]
    leaves: Sequence[bytes]
    _nodes: dict[Position, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def header(self) -> str:
        """The header field that is signed: the root, as bytes of structured fields."""
        return f":{base64.b64encode(root_hash(self.leaves)).decode()}:"

    def written(self) -> bytes:
        """The body of the request or of the answer."""
        return write_body({"members": [_plain(each) for each in self.members]})

    def _node(self, at: Position) -> bytes:
        """The hash at a place of the tree; proofs of neighbours share most of them."""
        if at not in self._nodes:
            start = at.offset << at.level
            self._nodes[at] = root_hash(self.leaves[start : start + (1 << at.level)])
        return self._nodes[at]

    def part(self, index: int, genuine: Genuine) -> Genuine:
        """The proof of one member, from the signature of the whole."""
        proof = [self._node(at).hex() for at in inclusion_path(index, len(self.leaves))]
        member = self.members[index]
        shown = {"said": member.said, "index": index, "size": len(self.leaves), "proof": proof}
        return replace(genuine, leaf=member.leaf, part=shown)


def bundle(members: Sequence[Member]) -> Bundle:
    """These members with their tree."""
    return Bundle(members, [_leaf(each.said) for each in members])


def read_bundle(body: bytes, header: str) -> Bundle:
    """A bundle that came, whose root was signed. Raises Refused for what is none, Forbidden for
    members that are not those of the root."""
    try:
        given = read_body(body)["members"]
        members = [_read(each) for each in given]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused([_UNREADABLE]) from None
    if not 0 < len(members) <= MOST:
        raise Refused([_TOO_MANY])
    if len({each.id for each in members}) != len(members):
        raise Refused([_TWICE])
    found = bundle(members)
    if found.header != header.strip():
        raise Forbidden([_OTHER_ROOT])
    return found


def proves(signed: Mapping[str, Any], base: str, wanted: Mapping[str, str]) -> bool:
    """Whether what a journal keeps shows a member under the root that the signature base names,
    and the member says what is wanted."""
    part = signed["part"]
    root = next((_root(line) for line in base.split("\n") if line.startswith(f'"{BUNDLE}": ')), b"")
    try:
        proof = [bytes.fromhex(each) for each in part["proof"]]
        said, index, size = part["said"], int(part["index"]), int(part["size"])
        if not verify_inclusion(_leaf(said), index, size, proof, root):
            return False
        return all(said.get(name) == value for name, value in wanted.items())
    except (KeyError, ValueError, TypeError, AttributeError, Refused):
        return False


def _leaf(said: Mapping[str, str | int]) -> bytes:
    return leaf_hash(canonical(dict(said)))


def _root(line: str) -> bytes:
    try:
        return base64.b64decode(line.partition(": ")[2].strip(":"), validate=True)
    except (binascii.Error, ValueError):
        return b""


_OF_MESSAGES = ("path", "series", "serial", "follows")
_OF_ANSWERS = ("status", "wait")


def _plain(member: Member) -> dict[str, str | int]:
    names = _OF_ANSWERS if member.status else _OF_MESSAGES
    told = {name: getattr(member, name) for name in ("leaf", *names)}
    return {"id": member.id, **{k: v for k, v in told.items() if v}, "body": member.body.decode()}


def _read(given: Mapping[str, Any]) -> Member:
    """A member as it came. Raises ValueError, KeyError, TypeError for what is none."""
    texts = {name: given.get(name, "") for name in ("leaf", "path", "series")}
    numbers = {n: given.get(n, 0) for n in ("serial", "follows", "status", "wait")}
    if not all(isinstance(each, str) and len(each) <= 200 for each in (*texts.values(),)):
        raise ValueError("no text")
    if not all(type(each) is int and 0 <= each < 10**17 for each in numbers.values()):
        raise ValueError("no number")
    name, body = given["id"], given["body"]
    if not isinstance(name, str) or not 0 < len(name) <= 100 or not isinstance(body, str):
        raise ValueError("no name, or no body")
    return Member(name, body.encode(), **texts, **numbers)


_UNREADABLE = Finding(
    "exchange.E077",
    "error",
    Text("这不是一批报文。", "This is no bundle of messages."),
    hint=Text("写法见连接器参考的“成批”一节。", "How one is written: “Bundles” in the reference."),
)
_TOO_MANY = Finding(
    "exchange.E078",
    "error",
    Text("一批要有 1 到 {most} 条报文。", "A bundle has 1 to {most} messages.", most=MOST),
    hint=Text("请分成几批。", "Divide it."),
)
_TWICE = Finding(
    "exchange.E079",
    "error",
    Text("一批里有两条报文编号相同。", "Two messages of the bundle have one number."),
    hint=Text("每条报文一个编号。", "Give each message its own."),
)
_OTHER_ROOT = Finding(
    "exchange.E080",
    "error",
    Text(
        "报文与首部 Exchange-Bundle 里的树根不符：被改动过。",
        "The messages are not those of the root in Exchange-Bundle: they were altered.",
    ),
    hint=Text("请重新签名后再发。", "Sign it anew and send it again."),
)
