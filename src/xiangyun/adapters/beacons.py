"""What checks beacons of draws: drand's signatures by `drand-verify`, heads by trusted keys.

`drand-verify` is an extra (`pip install xiangyun[drand]`): pairings of elliptic curves are nothing
that one writes oneself. Where it is absent, or knows no such scheme, that is said; nothing is taken
for genuine that was not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from xiangyun.adapters.keys import instance_folder, trusted_keys
from xiangyun.domain.journal import proof, signatures
from xiangyun.kernel.draw.beacon import CHAINED, SCHEMES, UNCHAINED, CannotCheck, Round, is_round
from xiangyun.kernel.findings import Text

Check = Callable[[ModuleType, Round], object]
# A chained network signs SHA-256(previous signature, round), an unchained one SHA-256(round): the
# same as a chained one without a previous signature.
_CHECKS: Mapping[str, Check] = {
    CHAINED: lambda library, r: library.verify_pedersen_bls_chained(
        r.round, r.previous_signature, r.signature, r.public_key
    ),
    UNCHAINED: lambda library, r: library.verify_pedersen_bls_chained(
        r.round, "", r.signature, r.public_key
    ),
    "bls-unchained-on-g1": lambda library, r: library.verify_bls_unchained_on_g1(
        r.round, r.signature, r.public_key
    ),
    "bls-unchained-g1-rfc9380": lambda library, r: library.verify_bls_unchained_g1_rfc9380(
        r.round, r.signature, r.public_key
    ),
}
_KEY_DIGITS = {CHAINED: 96, UNCHAINED: 96}
"""Of a compressed key on G1, in hexadecimal; on G2 it has twice as many."""
_INFINITE = 0x40
_ABSENT = Text(
    '没有安装 drand-verify；请运行 pip install "xiangyun[drand]"。',
    'drand-verify is not installed; run: pip install "xiangyun[drand]".',
)


class Beacons:
    """The port of `kernel.draw` with what is installed here, and keys that are trusted."""

    def __init__(self, trusted: signatures.TrustedKeys | None = None) -> None:
        self.trusted = trusted or {}

    def is_genuine(self, round: Round) -> bool:
        """Whether the network with this key signed the round. Raises CannotCheck."""
        if round.scheme not in SCHEMES:  # no network signs so
            return False
        check = _CHECKS.get(round.scheme)
        if check is None:
            raise CannotCheck(
                Text("drand-verify 不认识方案“{scheme}”。",
                     "drand-verify knows no scheme “{scheme}”.", scheme=round.scheme)
            )  # fmt: skip
        try:
            library = import_module("drand_verify")
        except ImportError:
            raise CannotCheck(_ABSENT) from None
        if not is_round(round) or not _is_key(round):
            return False
        try:
            given = check(library, round)
        except ValueError:  # a point that lies on no curve, or a signature that does not fit
            return False
        except BaseException as problem:  # 0.2.1 panics over a key that lies on no curve
            if type(problem).__name__ != "PanicException":
                raise
            return False
        return given == round.randomness

    def is_signed(self, head: Mapping[str, Any]) -> bool:
        """Whether a trusted key signed this head of the journal. Raises CannotCheck."""
        signature = head.get("signature")
        if not isinstance(signature, Mapping):
            return False
        if str(signature.get("key_id")) not in self.trusted:
            raise CannotCheck(
                Text("没有它的公钥；请用 --key 指明。",
                     "the key is not known here; name it with --key.")
            )  # fmt: skip
        value = proof.head_value(head["size"], str(head["root"]), str(head.get("at")))
        given = {key: str(signature.get(key)) for key in ("algorithm", "key_id", "value")}
        return signatures.holds(given, self.trusted, proof.HEAD_PURPOSE, value)


def of_instance() -> Beacons:
    """What checks beacons at this instance: with the keys that it trusts."""
    return Beacons(trusted_keys(instance_folder()))


def _is_key(round: Round) -> bool:
    """Whether the key could be a point of its group, and not that of infinity.

    Under that one every empty signature fits (draft-irtf-cfrg-bls-signature-05, section 2.5
    KeyValidate refuses it); `drand-verify` 0.2.1 lets it pass.
    """
    if len(round.public_key) != _KEY_DIGITS.get(round.scheme, 192):
        return False
    return not int(round.public_key[:2], 16) & _INFINITE
