"""`xiangyun conformance certificates FOLDER`: credentials, status lists and signatures.

Each suite is known by its files, wherever below FOLDER they lie:

    *-ok*.json, *-fail*.json   the data model of W3C VC 2.0
    keyPair.json               eddsa-jcs-2022, with its folder of intermediate values
    specification.yml          SD-JWT: issued, chosen, bound, verified, and spoilt in every way
    status_list*.md            Token Status List
    *.json with a key in PEM   SM2: signatures of digests, decryption
    *.ofd                      read: parts, text, and what its signatures cover

A file that must fail says so in its name (`-fail`, `-invalid`), and may name the reason by which it
must be refused: `credential-x-fail-E051.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xiangyun.domain.journal import algorithms, libcrypto
from xiangyun.kernel.credential import integrity, ofd, vcdm
from xiangyun.kernel.credential.encodings import from_base58, read_json, to_base58

from . import conformance_sdjwt, conformance_status
from .scoring import Score, command, count_tried

_MOMENTS = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2120-01-01T00:00:00Z"}
"""The suite leaves these two to whoever runs it."""
_ISSUER = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"


def run_certificates(folder: Path) -> Score:
    """Try every case below a folder."""
    score = Score()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        test = path.relative_to(folder).as_posix()
        run = _runner(path)
        if run is not None:
            run(path, test, score)
    return score


def _runner(path: Path) -> Callable[[Path, str, Score], None] | None:
    name = path.name
    if name == "keyPair.json":
        return _eddsa
    if name == "specification.yml":
        return conformance_sdjwt.run
    if path.suffix == ".md" and name.startswith("status_list"):
        return conformance_status.run
    if path.suffix == ".ofd":
        return _ofd
    if path.suffix == ".json":
        if name.startswith(("credential-", "presentation-", "issuer-", "relatedResource-")):
            return _model
        if b"private_key_pem" in path.read_bytes():
            return _sm2
    return None


# The data model ---------------------------------------------------------------------------------


def _model(path: Path, test: str, score: Score) -> None:
    def run() -> None:
        value = read_json(path.read_bytes())
        if path.name.startswith("presentation"):
            vcdm.check_presentation(value)
        else:
            vcdm.check_credential(_as_handed_in(value))

    count_tried(score, test, path, run, "accepted")


def _as_handed_in(value: object) -> object:
    """As the suite hands it to an issuer: its name filled in, and the two moments it leaves open.

    An issuer that is there and wrong stays wrong.
    """
    if not isinstance(value, dict):
        return value
    filled = {
        name: _MOMENTS.get(each, each) if isinstance(each, str) else each
        for name, each in value.items()
    }
    issuer = filled.setdefault("issuer", _ISSUER)
    if isinstance(issuer, dict):
        filled["issuer"] = {"id": _ISSUER, **issuer}
    return filled


# eddsa-jcs-2022 ---------------------------------------------------------------------------------


def _eddsa(path: Path, test: str, score: Score) -> None:
    pair: dict[str, str] = json.loads(path.read_text("utf-8"))
    seed = from_base58(pair["privateKeyMultibase"][1:])[2:34]
    private = Ed25519PrivateKey.from_private_bytes(seed)
    place = test.rpartition("/")[0]
    for folder in sorted(each for each in path.parent.iterdir() if each.is_dir()):
        if (folder / "proofConfigJCS.json").exists():
            _eddsa_values(folder, path.parent, private, f"{place}/{folder.name}", score)
    for file in sorted(path.parent.rglob("*.json")):
        document = json.loads(file.read_text("utf-8"))
        if isinstance(document, dict) and "proof" in document:
            _eddsa_signed(file, document, pair, f"{place}/{file.name}", score)


def _eddsa_values(
    folder: Path, above: Path, private: Ed25519PrivateKey, test: str, score: Score
) -> None:
    """Every intermediate value of the specification's example, and the signature itself."""
    options: dict[str, Any] = json.loads((folder / "proofConfigJCS.json").read_text("utf-8"))
    beside = folder / "unsigned.json"
    source = beside if beside.exists() else above / "unsigned.json"
    document: dict[str, Any] = json.loads(source.read_text("utf-8"))
    hashed = integrity.digest(document, options)
    signature = private.sign(hashed)
    values = {
        "canonDocJCS.txt": integrity.canonical(document).decode(),
        "proofCanonJCS.txt": integrity.canonical(options).decode(),
        "docHashJCS.txt": hashed[32:].hex(),
        "proofHashJCS.txt": hashed[:32].hex(),
        "combinedHashJCS.txt": hashed.hex(),
        "sigHexJCS.txt": signature.hex(),
        "sigBTC58JCS.txt": "z" + to_base58(signature),
    }
    for name, value in values.items():
        if (folder / name).exists():
            score.count(f"{test}/{name}", (folder / name).read_text("utf-8").strip(), value)
    signed = folder / "signedJCS.json"
    if signed.exists():
        given = {name: each for name, each in options.items() if name != "@context"}
        made = integrity.secured(document, given, private.sign)
        score.count(f"{test}/{signed.name} made", json.loads(signed.read_text("utf-8")), made)


def _eddsa_signed(
    file: Path, document: dict[str, Any], pair: dict[str, str], test: str, score: Score
) -> None:
    key = integrity.key_of_multikey(pair["publicKeyMultibase"])
    method = f"did:key:{pair['publicKeyMultibase']}"
    # The example names an issuer of its own and signs with a did:key: the pair says whose it is.
    resolve = lambda named, _: key if named.partition("#")[0] == method else None  # noqa: E731
    issuer = document.get("issuer", "")

    def run() -> None:
        integrity.check_proof(
            document, issuer=str(issuer), resolve=resolve, by=algorithms.holds, at=None
        )
        vcdm.check_credential(document)

    count_tried(score, test, file, run, "verified")


# OFD --------------------------------------------------------------------------------------------


def _ofd(path: Path, test: str, score: Score) -> None:
    """A document of anybody is read: its parts, its text, what its signatures cover."""
    count_tried(score, test, path, lambda: ofd.read(path.read_bytes()), "read")


# SM2 --------------------------------------------------------------------------------------------


def _sm2(path: Path, test: str, score: Score) -> None:
    cases: dict[str, Any] = json.loads(path.read_text("utf-8"))
    private = cases["private_key_pem"]
    public = cases.get("public_key_pem") or libcrypto.public_of(private)
    for number, case in enumerate(cases.get("verify", ())):
        signature = bytes.fromhex(case["sig_der"])
        if "e" in case:
            got = libcrypto.verifies_digest(public, signature, bytes.fromhex(case["e"]))
        else:
            identity = str(case.get("id", libcrypto.IDENTITY.decode())).encode()
            got = libcrypto.verifies(public, signature, _message(case), identity)
        score.count(f"{test}/verify/{number}", case.get("valid", True), got)
    for number, case in enumerate(cases.get("decrypt", ())):
        try:
            opened: str | None = libcrypto.decrypted(
                private, bytes.fromhex(case["input_der"])
            ).decode()
        except ValueError:
            opened = None
        wanted = case.get("output") if case.get("valid", True) else None
        score.count(f"{test}/decrypt/{number}", wanted, opened)
    signed = libcrypto.sign(private, test.encode())
    score.count(f"{test}/sign", True, libcrypto.verifies(public, signed, test.encode()))
    score.count(f"{test}/sign another", False, libcrypto.verifies(public, signed, b"another"))


def _message(case: dict[str, Any]) -> bytes:
    if "message_hex" in case:
        return bytes.fromhex(case["message_hex"])
    return str(case.get("message", "")).encode()


certificates = command(
    "certificates",
    "Try credentials, status lists and signatures of the suites in FOLDER.",
    run_certificates,
)
