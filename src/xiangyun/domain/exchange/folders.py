"""Signed files in a folder: the second way of transport, for systems that share no network.

A folder that two systems share (or that a carrier copies between them) holds a folder for each who
writes, called by the key it signs with:

    KEY/<number>.json          a message
    KEY/<number>.answer.json   the answer to a message of the other

A file holds what is signed (`signed`, canonical JSON) and the signature. Files are written whole,
and stay; what was dealt with is known by its number.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import signatures
from xiangyun.kernel.findings import Refused, Text

from . import partners, ports, queries, receiving, settling
from .models import Outgoing, Partner, State
from .ports import Outbound, Replied, Signer, Unreachable, signer

PURPOSE = "xiangyun exchange message"
ANSWER = "xiangyun exchange answer"
_MOST_BYTES = 20_000_000
_AT_A_TIME = 1_000


def path_of(address: str) -> Path:
    """The folder of an address; what goes by e-mail lies in one below the home until it leaves."""
    if address.startswith("mailto:"):
        name = hashlib.sha256(address.encode()).hexdigest()[:24]
        return Path(settings.HOME) / "exchange-mail" / name
    return Path(address.removeprefix("file://"))


class SignedFiles:
    """The transport `folder`: puts a message down; its answer is collected later."""

    def send(self, message: Outbound, signer: Signer) -> Replied | None:
        folder = path_of(message.address)
        if not folder.is_dir():
            raise Unreachable(
                Text("没有文件夹 {folder}。", "There is no folder {folder}.", folder=str(folder))
            )
        connector, _, name = message.path.partition("/")
        signed = {
            "connector": connector,
            "message": name,
            "id": str(message.id),
            "series": message.series,
            "number": message.serial,
            "after": message.follows,
            "body": message.body.decode(),
        }
        try:
            write_signed(folder / signer.key_id, str(message.id), PURPOSE, signed, signer)
        except OSError as problem:
            raise Unreachable(
                Text(
                    "写不进 {folder}：{problem}",
                    "{folder} cannot be written to: {problem}",
                    folder=str(folder),
                    problem=problem.strerror or str(problem),
                )
            ) from problem
        return None


def write_signed(
    folder: Path, name: str, purpose: str, signed: Mapping[str, Any], signer: Signer
) -> None:
    """Write a signed file, whole or not at all."""
    folder.mkdir(exist_ok=True)
    target = folder / f"{name}.json"
    if target.exists():
        return
    content = {"signed": signed, "signature": signatures.sign(signer, purpose, signed)}
    draft = folder / f".{name}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(target)


def collect(at: datetime) -> int:
    """Deal with what partners have put into their folders; how many files were new."""
    with acting_as(SYSTEM):
        found = list(Partner.objects.exclude(address="").exclude(address__startswith="http"))
    posted = [each.address for each in found if each.address.startswith("mailto:")]
    if posted:
        ports.post(posted, at)
    return sum(_collect(each, at) for each in found)


def _collect(partner: Partner, at: datetime) -> int:
    folder, count = path_of(partner.address), 0
    if not folder.is_dir():
        return 0
    own = signer()
    for key_id, pem in partners.keys_of(partner.pk, at).items():
        for file in _new_files(folder / key_id, folder / own.key_id, partner.pk):
            signed, answers = _read(file, key_id, pem)
            if signed is None:
                continue
            count += 1
            if answers:
                _answered(signed, partner.pk, at)
            else:
                _take(signed, partner.pk, key_id, folder / own.key_id, at)
    return count


def _new_files(theirs: Path, ours: Path, organisation: str) -> Iterator[Path]:
    """Files that were not dealt with yet, in the order in which they were written."""
    if not theirs.is_dir():
        return
    files = [f for f in theirs.glob("*.json") if not f.name.startswith(".")]
    for file in sorted(files, key=lambda each: (each.stat().st_mtime_ns, each.name))[:_AT_A_TIME]:
        number = file.name.removesuffix(".json").removesuffix(".answer")
        if file.name.endswith(".answer.json"):
            with acting_as(SYSTEM):
                if not Outgoing.objects.filter(pk=_uuid(number), state=State.SENT).exists():
                    continue
        elif (ours / f"{number}.answer.json").exists():
            continue
        yield file


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # of no message


def _read(file: Path, key_id: str, pem: str) -> tuple[Mapping[str, Any] | None, bool]:
    """What a file says, if it is signed by the key; None for what is not to be believed."""
    answers = file.name.endswith(".answer.json")
    try:
        if file.stat().st_size > _MOST_BYTES:
            return None, answers
        content = json.loads(file.read_text("utf-8"))
        signed, signature = content["signed"], content["signature"]
        purpose = ANSWER if answers else PURPOSE
        if not signatures.holds(signature, {key_id: pem}, purpose, signed):
            return None, answers
    except (OSError, ValueError, KeyError, TypeError, Refused):
        return None, answers
    return signed, answers


def _take(
    signed: Mapping[str, Any], organisation: str, key_id: str, ours: Path, at: datetime
) -> None:
    letter = receiving.Letter(
        str(signed.get("connector", "")),
        str(signed.get("message", "")),
        str(signed.get("id", "")),
        str(signed.get("body", "")).encode(),
        str(signed.get("series", "")),
        int(signed.get("number") or 0),
        int(signed.get("after") or 0),
    )
    reply = receiving.receive(letter, organisation, key_id, at)
    if reply.wait is not None:
        return  # it stays where it is until its turn
    answer = {"id": letter.message_id, "status": reply.status, "body": reply.body.decode()}
    write_signed(ours, f"{letter.message_id}.answer", ANSWER, answer, signer())


def _answered(signed: Mapping[str, Any], organisation: str, at: datetime) -> None:
    with acting_as(SYSTEM):
        row = (
            Outgoing.objects.select_for_update(of=("self",))
            .filter(pk=_uuid(str(signed.get("id"))), organisation=organisation, state=State.SENT)
            .first()
        )
        connector = queries.connector(row.connector) if row is not None else None
        if row is None or connector is None:
            return
        status, body = int(signed.get("status") or 0), str(signed.get("body", ""))
        if not 200 <= status < 300:
            problem = settling.refused_there(Replied(status, body.encode(), said=body[:500]))
            settling.gave_up(row, problem, at)
            return
        if connector.sends[row.message].comes == "later":
            return
        settling.keep_answer(row, connector, body.encode(), at=at)
    settling.bring(row.pk, at=at)
