"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

MEASURED = ("src/xiangyun/kernel/dmn", "src/xiangyun/kernel/feel")


@dataclass(frozen=True)
class Machine:
    """A processor, its memory and system, and how busy it was (the load of the last minute)."""

    processor: str
    cores: int
    gigabytes: float
    system: str
    python: str
    load: float

    @classmethod
    def here(cls) -> Machine:
        """This machine, on Linux."""
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return cls(
            _processor(),
            os.cpu_count() or 1,
            memory / 2**30,
            f"{platform.system()} {platform.machine()}",
            platform.python_version(),
            os.getloadavg()[0],
        )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def kernel_revision(root: Path) -> str:
    """The commit that last touched the rules, and whether their files differ from it."""
    return revision(root, MEASURED)


def revision(root: Path, measured: Sequence[str]) -> str:
    """The commit that last touched these folders, and whether their files differ from it."""
    last = _git(root, "log", "-1", "--format=%h", "--", *measured)
    if not last:
        return "of an unknown revision"
    changed = _git(root, "status", "--porcelain", "--", *measured)
    return f"at {last}" + (", **with changes not committed**" if changed else "")


def kernel_digest(root: Path) -> str:
    """Of the sources that are measured, to notice a change during a run."""
    digest = sha256()
    for folder in MEASURED:
        for file in sorted((root / folder).glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""  # no git, or a copy without its history
    return done.stdout.strip()
