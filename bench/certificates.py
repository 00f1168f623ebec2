"""How fast certificates are issued and verified, beside the bare signature and the package sd-jwt.

One run, one core: rounds of each take turns, and the median of the rounds counts, so that what else
the machine does meets all of them alike.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from journal import WRITERS, writers
from machine import Machine, revision

from xiangyun.domain.journal import algorithms, libcrypto
from xiangyun.kernel.credential import sdjwt, statuslist
from xiangyun.kernel.credential.encodings import to_base64url
from xiangyun.kernel.credential.sdjwt import Hidden, Term

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "certificates.md"
PEER = ROOT / "build" / "bench" / "bench-certificates" / "bin" / "python"
MEASURED = ("src/xiangyun/kernel/credential", "src/xiangyun/domain/journal")
LIST = 1_000_000
_ECDSA = ec.ECDSA(SHA256())


def rate(work: Callable[[], object], times: int) -> float:
    """How often a second."""
    begun = time.process_time()
    for _ in range(times):
        work()
    return times / (time.process_time() - begun)


def credentials(
    rounds: int, times: int, python: Path
) -> tuple[dict[str, float], dict[str, float] | None]:
    """Rates a second: bare signature and verification, and those of a whole credential.

    And those of the package sd-jwt, asked in every third round; None where it is not there.
    """
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    key = algorithms.jwk_of(pem)
    claims = {
        "iss": "https://gov.example",
        "vct": "https://gov.example/licence",
        **{f"claim_{n}": Hidden(f"value of claim {n}") for n in range(8)},
    }
    header = {"alg": "ES256", "typ": "dc+sd-jwt", "kid": "k"}

    def sign(message: bytes) -> bytes:
        return algorithms.from_der(private.sign(message, _ECDSA))

    salts = (to_base64url(os.urandom(16)) for _ in itertools.count())
    text = sdjwt.issued(claims, salts, header, sign)
    message = text.partition("~")[0].rpartition(".")[0].encode()
    signature = private.sign(message, _ECDSA)

    def verify() -> None:
        credential = sdjwt.read(text)
        sdjwt.verified(credential, {"k": key}, algorithms.holds, term=Term(0))

    works: dict[str, Callable[[], object]] = {
        "sign": lambda: private.sign(message, _ECDSA),
        "issue": lambda: sdjwt.issued(claims, salts, header, sign),
        "check": lambda: public.verify(signature, message, _ECDSA),
        "verify": verify,
    }
    found: dict[str, list[float]] = {name: [] for name in works}
    theirs = []
    for round_ in range(rounds):
        for name, work in works.items():
            found[name].append(rate(work, times))
        if round_ % 3 == 1 and python.exists():
            theirs.append(peer(python, times // 2))
    ours = {name: median(rates) for name, rates in found.items()}
    if not theirs:
        return ours, None
    return ours, {name: median(each[name] for each in theirs) for name in ("issue", "verify")}


def peer(python: Path, times: int) -> dict[str, float]:
    """The same by the package sd-jwt, in an environment of its own."""
    script = str(ROOT / "bench" / "peers" / "sdjwt_reference.py")
    told: dict[str, float] = json.loads(subprocess.check_output([str(python), script, str(times)]))
    return told


def status_list(size: int) -> tuple[float, float]:
    """Seconds to open a list and read its first status, and then to read any other."""
    chance = random.Random(1)
    ended = {chance.randrange(size): 1 for _ in range(size // 100)}
    claim = statuslist.to_claim(statuslist.packed(ended, size, 2))
    begun = time.process_time()
    opened = statuslist.from_claim(claim)
    _ = opened[0]
    first = time.process_time() - begun
    places = [chance.randrange(size) for _ in range(10_000)]
    begun = time.process_time()
    for place in places:
        _ = opened[place]
    return first, (time.process_time() - begun) / len(places)


def sm2(times: int) -> float | None:
    """SM2 signatures a second, None where libcrypto has none."""
    if not libcrypto.is_there():
        return None
    key = libcrypto.SigningKey(libcrypto.generate())
    return rate(lambda: key.sign(b"message"), times)


def _left(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """Why verifying is not three times as fast: both ask the same library for the signature."""
    bare, whole, third = (
        1e6 / each for each in (ours["check"], ours["verify"], 3 * theirs["verify"])
    )
    return [
        f"Both verify the signature by the same library, which takes {bare:.0f} µs of our"
        f" {whole:.0f} µs. Three times as fast as sd-jwt would be {third:.0f} µs: that leaves"
        f" {third - bare:.0f} µs to decode, hash and read eight disclosures, the header and the"
        f" claims, which take {whole - bare:.0f} µs here, strictly read in Python."
        " [Decision 0038](../decisions/0038-a-credential-is-read-in-python.md) says what each way"
        " would give.",
        "",
    ]


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds, and no page is written")
    parser.add_argument("--peer", type=Path, default=PEER, help="the Python that has sd-jwt")
    chosen = parser.parse_args()
    rounds, times = (3, 50) if chosen.quick else (15, 400)
    load = os.getloadavg()[0]
    ours, theirs = credentials(rounds, times, chosen.peer)
    first, other = status_list(LIST // 10 if chosen.quick else LIST)
    signed = sm2(times)
    journal = writers(*((3, 40) if chosen.quick else (31, 150)))
    here = Machine.here()
    rows = [
        ("ES256 signatures a second, bare", f"{ours['sign']:,.0f}", ""),
        ("SD-JWT VC of eight claims issued a second", f"{ours['issue']:,.0f}", ""),
        ("… of the bare signature", f"{ours['issue'] / ours['sign']:.2f}", "≥ 0.2"),
        ("ES256 verifications a second, bare", f"{ours['check']:,.0f}", ""),
        ("The same credential verified a second", f"{ours['verify']:,.0f}", ""),
        ("… of the bare verification", f"{ours['verify'] / ours['check']:.2f}", "≥ 0.4"),
    ]
    if theirs:
        rows += [
            ("sd-jwt issues a second", f"{theirs['issue']:,.0f}", ""),
            ("… ours against it", f"{ours['issue'] / theirs['issue']:.1f} times", "≥ 3"),
            ("sd-jwt verifies a second", f"{theirs['verify']:,.0f}", ""),
            ("… ours against it", f"{ours['verify'] / theirs['verify']:.1f} times", "≥ 3"),
        ]
    rows += [
        ("A status list of 1,000,000 opened", f"{first * 1e3:.1f} ms", ""),
        ("One status read after that", f"{other * 1e6:.2f} µs", "< 1 ms"),
    ]
    if signed:
        rows.append(("SM2 signatures a second, by libcrypto", f"{signed:,.0f}", ""))
    rows += [
        (f"Entries a second by {WRITERS} writers, at {journal.base}", f"{journal.before:,.0f}", ""),
        ("… now", f"{journal.now:,.0f}", ""),
        ("… what a write costs more", f"{100 * journal.cost:+.0f} %", "≤ 10 %"),
    ]
    text = "\n".join(
        [
            "# Certificates",
            "",
            f"Written by `make bench-certificates` on {datetime.now(UTC).date()}; do not edit.",
            "",
            f"- Machine: {here.processor}, {here.cores} cores, {here.gigabytes:.0f} GB,"
            f" {here.system}; Python {here.python}; {revision(ROOT, MEASURED)}.",
            f"- Load {load:.1f} before and {here.load:.1f} after, over {here.cores} cores.",
            "- Rounds take turns on one core; processor time counts, and the median of the rounds.",
            "- Writers of the journal record an entry in a transaction each, side by side, while"
            " another seals; the builds take turns. Half of the pairs of turns lie between"
            f" {100 * (1 / journal.upper - 1):+.0f} and {100 * (1 / journal.lower - 1):+.0f} %.",
            "",
            "| What | Found | Wanted |",
            "|---|---|---|",
            *(f"| {what} | {found} | {wanted} |" for what, found, wanted in rows),
            "",
            *(_left(ours, theirs) if theirs else ()),
        ]
    )
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
