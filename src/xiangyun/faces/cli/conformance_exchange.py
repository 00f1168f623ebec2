"""`xiangyun conformance exchange FOLDER`: signed containers and messages of other exchange systems.

*.asice   a container of X-Road: one whose name begins with `valid` must be verified, any other
          refused with a reason
*.xml     a message of the OOTS, or the header of one: understood, or refused by name
"""

from __future__ import annotations

from pathlib import Path

from xiangyun.adapters import asice, oots
from xiangyun.kernel.findings import Refused

from .scoring import Score, command


def run_exchange(folder: Path) -> Score:
    """Try every file below a folder."""
    score = Score()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        test = path.relative_to(folder).as_posix()
        if path.suffix == ".asice":
            wanted = "verified" if path.name.startswith("valid") else "refused"
            got, why = _container(path)
            score.count(test, wanted, got if got == wanted else f"{got} {why}".strip())
        elif path.suffix == ".xml":
            score.count(test, True, _message(path))
    return score


def _container(path: Path) -> tuple[str, str]:
    try:
        asice.verify(path.read_bytes())
    except Refused as refused:
        return "refused", str(refused)
    return "verified", ""


def _message(path: Path) -> bool:
    """Understood, or refused by the id of a finding: both are right, anything else raises."""
    try:
        return bool(oots.read(path.read_bytes()).kind)
    except Refused as refused:
        return bool(refused.findings)


exchange = command(
    "exchange", "Verify containers of X-Road and read messages of the OOTS.", run_exchange
)
