"""Put together the evidence of a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files as resources
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import checkpoints, signatures
from xiangyun.domain.journal import queries as journal_reads
from xiangyun.domain.journal.ports import Signer
from xiangyun.kernel.findings import Finding, Forbidden, Text
from xiangyun.kernel.ledger import spelled
from xiangyun.kernel.service.secrecy import SEALED

from . import archive
from .checking import FORMAT, MANIFEST, RECEIPT, SIGNATURE, signed_value


class NoCase(LookupError):
    """There is no such case, or not for whoever asks."""


def evidence(number: str, *, actor: Actor, at: datetime, signer: Signer) -> bytes:
    """All of a case in one archive that anybody checks without us; see `checking`.

    That it was taken is written down. Raises `NoCase` for one that the actor does not see, and
    Forbidden `evidence.E001` for a sealed one, whose parts are read by its handlers alone.
    """
    try:
        case = cases.case_by_number(actor, number)
    except ObjectDoesNotExist:
        raise NoCase(number) from None
    if case.need == SEALED:
        raise Forbidden([_SEALED])
    journal.record(
        journal.entry_of(
            verb="evidence.taken",
            subject=case.number,
            division=case.division,
            owner=case.owner,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={},
            matter=case.matter,
            need=case.need,
        )
    )
    return bundle(case, at=at, signer=signer)


def bundle(
    case: Any, *, at: datetime, signer: Signer, more: Mapping[str, bytes] = MappingProxyType({})
) -> bytes:
    """The archive of a case, and of `more` files that its list names as well; as the platform.

    Of a sealed case it holds nothing readable: the proofs of its entries, whose personal details
    stand in them as digests, and what `more` brings.
    """
    while journal.seal(at, signer):
        pass
    parts = {**_parts(case, at, signer), **more}
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    manifest = _json(
        {"format": FORMAT, "case": case.number, "made_at": at.isoformat(), "files": listed}
    )
    signature = signatures.sign(signer, FORMAT, signed_value(manifest))
    return archive.written({MANIFEST: manifest, SIGNATURE: _json(signature), **parts})


def _parts(case: Any, at: datetime, signer: Signer) -> dict[str, bytes]:
    page = resources("xiangyun.domain.evidence").joinpath("verify.html")
    parts = {"verify.html": page.read_bytes()}
    if case.need != SEALED:
        parts |= _readable(case)
    for entry in journal_reads.history(case.number):
        # That it was taken just now no witness can have seen: the receipt alone says so.
        taken = entry.verb == "evidence.taken" and entry.at == at
        if not taken and (proof := checkpoints.proof_of(entry.pk, signer)):
            parts[f"journal/{entry.pk}-{entry.verb}.tlog-proof"] = str(proof).encode()
    if checkpoint := checkpoints.published(signer):
        parts["journal/checkpoint"] = str(checkpoint.note).encode()
    parts["keys/log.vkey"] = f"{checkpoints.log_key(signer)}\n".encode()
    for key, pem in signer.trusted.items():
        parts[f"keys/{key}.pem"] = pem.encode()
    return parts


def _readable(case: Any) -> dict[str, bytes]:
    parts = {"case.json": _json(_case(case))}
    for letter in cases.letters_of(case):
        told = {
            "kind": letter.kind,
            "at": letter.at.isoformat(),
            "to": letter.to,
            "title": letter.title,
            "body": letter.body,
        }
        parts[f"letters/{letter.pk}-{letter.kind}.json"] = _json(told)
    for found in certificates.certificates_for_case(case.number):
        parts[f"certificates/{found.identifier}.html"] = found.page.encode()
    parts[RECEIPT] = (spelled(journal_reads.receipt(case.number)) + "\n").encode()
    return parts


def _case(case: Any) -> dict[str, Any]:
    pack = cases.pack_of(case)
    return {
        "number": case.number,
        "service": {"code": pack.service.code, "name": pack.service.name.zh},
        "version": case.version.number,
        "division": str(case.division),
        "applicant": case.applicant_name,
        "subject": case.subject,
        "decisions": [
            {
                "decision": each.decision,
                "at": each.at.isoformat(),
                "value": each.value,
                "trace": each.trace,
                "rules": {"service": pack.service.code, "version": case.version.number},
            }
            for each in cases.decisions_of(case)
        ],
        "materials": [
            {
                "question": each.question,
                "name": each.name,
                "size": each.size,
                "sha256": each.digest,
                "added_at": each.added_at.isoformat(),
            }
            for each in cases.materials_of(case)
        ],
    }


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    return (text + "\n").encode()


_SEALED = Finding(
    "evidence.E001",
    "error",
    Text(
        "密封办件的证据包不能由平台运维导出。",
        "The evidence of a sealed case is not taken by whoever runs the platform.",
    ),
    hint=Text(
        "请由有在办任务的经办人打印或下载回执。",
        "Let a handler with open work download the receipt.",
    ),
)
