"""Check the evidence of a case, without Django, without us.

verify.html          the same check for any browser, offline
manifest.json        {format, case, made_at, files {name: SHA-256 in hex}}
manifest.sig         the signature of its SHA-256
case.json            the case, its decisions with trace and version of the rules, materials' hashes
letters/             what the office wrote
certificates/        what was issued: the signed pages
journal/receipt.json each entry with its proof; journal/*.tlog-proof the same by C2SP
keys/                the public keys of the platform, to be compared by another way
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import NamedTuple

from xiangyun.domain.certificates.verification import verify_document
from xiangyun.domain.journal import algorithms, signatures
from xiangyun.domain.journal.proof import check_receipt
from xiangyun.domain.journal.signatures import TrustedKeys
from xiangyun.domain.journal.verdict import Step, Verdict, read_json
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.ledger import leaf_hash
from xiangyun.kernel.ledger.note import ED25519, NoteKey, Policy, read_checkpoint, read_note
from xiangyun.kernel.ledger.tlog import PROOF, Proof, check_proof, read_proof

from . import archive

FORMAT = "xiangyun-evidence/1"
MANIFEST, SIGNATURE, RECEIPT = "manifest.json", "manifest.sig", "journal/receipt.json"


class Found(NamedTuple):
    """One part that was checked: which, whether it is as it was, and what was checked of it."""

    part: str
    holds: bool
    about: Text


class Witnessed(NamedTuple):
    """Who must have co-signed the log, beside the platform: so many of these witnesses."""

    keys: tuple[NoteKey, ...] = ()
    quorum: int = 0


_BY_NOBODY = Witnessed()


def signed_value(manifest: bytes) -> dict[str, object]:
    """What the signature covers."""
    return {"manifest": hashlib.sha256(manifest).hexdigest()}


def check(data: bytes, trusted: TrustedKeys, witnessed: Witnessed = _BY_NOBODY) -> list[Found]:
    """Every part with whether it is as it was; nothing is believed after what cannot be read."""
    try:
        files = archive.read(data)
    except archive.Broken as broken:
        return [Found(broken.place, False, _ARCHIVE)]
    found = [_signature(files, trusted)]
    if not found[0].holds:
        return found
    manifest = json.loads(files[MANIFEST])
    listed: Mapping[str, str] = manifest["files"]
    for name in sorted(listed.keys() | files.keys() - {MANIFEST, SIGNATURE}):
        content = files.get(name)
        same = content is not None and hashlib.sha256(content).hexdigest() == listed.get(name)
        found.append(Found(name, same, _HASH))
    if all(each.holds for each in found):
        found += _contents(files, trusted, witnessed)
    return found


def verdict(data: bytes, trusted: TrustedKeys, witnessed: Witnessed = _BY_NOBODY) -> Verdict | None:
    """What a check of an archive or a `.tlog-proof` answers, as for any other document; else None.

    A file of a case is told by the list within; where not even that can be read, by nothing.
    """
    if data.startswith(PROOF.encode()):
        return _proof_alone(data, trusted, witnessed)
    if not data.startswith(archive.MAGIC) or MANIFEST.encode() not in data[:4096]:
        return None
    found = check(data, trusted, witnessed)
    wrong = [each.part for each in found if not each.holds]
    steps = tuple(
        Step(Text("{part}：{about}", "{part}: {about}", part=one.part, about=one.about), one.holds)
        for one in found
    )
    if wrong and all(each.holds or each.about == _witnessed(witnessed) for each in found):
        said = Text(
            "未被改动，但有{n}条记录的见证者不够。",
            "Unchanged, but {n} {n|entry|entries} had too few witnesses.",
            n=len(wrong),
        )
        return Verdict("unknown", said, steps, "receipt")
    if wrong:
        said = Text(
            "这份证据包或档案被改动过：{parts}。",
            "This evidence or file of the archive was changed: {parts}.",
            parts=", ".join(wrong[:5]),
        )
        return Verdict("altered", said, steps, "receipt")
    said = Text(
        "这份证据包或档案与封存时一致，{n} 个部分都对得上。",
        "This evidence or file of the archive is as it was sealed: all {n} parts hold.",
        n=len(found),
    )
    return Verdict("valid", said, steps, "receipt")


def _signature(files: Mapping[str, bytes], trusted: TrustedKeys) -> Found:
    try:
        signature = read_json(files[SIGNATURE].decode())
        value = read_json(files[MANIFEST].decode())
    except (KeyError, ValueError):
        return Found(MANIFEST, False, _SIGNED)
    shaped = (
        isinstance(signature, dict)
        and signature.keys() == {"algorithm", "key_id", "value"}
        and isinstance(value, dict)
        and value.get("format") == FORMAT
        and isinstance(value.get("files"), dict)
    )
    holds = shaped and signatures.holds(
        signature,  # type: ignore[arg-type]
        trusted,
        FORMAT,
        signed_value(files[MANIFEST]),
    )
    return Found(MANIFEST, holds, _SIGNED)


def _proof_alone(data: bytes, trusted: TrustedKeys, witnessed: Witnessed) -> Verdict:
    """One entry of the journal: altered where it does not hold, unknown for whom one trusts not."""
    try:
        proof = _proven(data.decode("utf-8", errors="replace"), trusted, witnessed)
    except Refused as problem:
        finding = problem.findings[0]
        unknown = finding.id in ("ledger.E003", "ledger.E007")
        step = Step(Text("{said}", "{said}", said=finding.message), False)
        return Verdict("unknown" if unknown else "altered", finding.message, (step,), "receipt")
    steps = [Step(_IN_JOURNAL, True)]
    if witnessed.quorum:
        steps.append(Step(_witnessed(witnessed), True))
    return Verdict("valid", _IN_JOURNAL, tuple(steps), "receipt", {"index": proof.index})


def _witnessed(by: Witnessed) -> Text:
    return Text(
        "{all}个见证者中至少{quorum}个共同签名",
        "At least {quorum} of {all} witnesses have co-signed",
        quorum=by.quorum,
        all=len(by.keys),
    )


def _contents(
    files: Mapping[str, bytes], trusted: TrustedKeys, witnessed: Witnessed
) -> list[Found]:
    found = []
    for name, content in files.items():
        if name == RECEIPT:
            answer = check_receipt(read_json(content.decode()), trusted).answer
            found.append(Found(name, answer == "valid", _IN_JOURNAL))
        elif name.endswith(".tlog-proof"):
            text = content.decode()
            found.append(Found(name, _proves(text, trusted, _BY_NOBODY), _IN_JOURNAL))
            if witnessed.quorum and found[-1].holds:
                seen = _proves(text, trusted, witnessed)
                found.append(Found(name, seen, _witnessed(witnessed)))
        elif name.startswith("certificates/"):
            verdict = verify_document(content.decode(), trusted, None)
            found.append(Found(name, verdict.answer == "valid", _CERTIFICATE))
    return found


def _proves(text: str, trusted: TrustedKeys, witnessed: Witnessed) -> bool:
    try:
        _proven(text, trusted, witnessed)
    except Refused:
        return False
    return True


def _proven(text: str, trusted: TrustedKeys, witnessed: Witnessed) -> Proof:
    proof = read_proof(text)
    origin = read_checkpoint(read_note(proof.checkpoint)).origin
    keys = tuple(
        NoteKey(origin, ED25519, public)
        for pem in trusted.values()
        if (public := algorithms.ed25519_of(pem)) is not None
    )
    policy = Policy(origin, keys, *witnessed)
    check_proof(proof, leaf_hash(proof.extra or b""), policy, algorithms.note_holds)
    return proof


_ARCHIVE = Text("文件包中的这一部分被改动过", "This part of the archive was changed")
_SIGNED = Text("清单由平台签名", "The list of parts is signed by the platform")
_HASH = Text("与清单中的摘要一致", "As its digest in the list says")
_IN_JOURNAL = Text("记录在签名的日志树中", "The entries stand in the signed journal")
_CERTIFICATE = Text("证照页面由平台签名", "The certificate is signed by the platform")
