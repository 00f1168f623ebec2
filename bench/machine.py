"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path


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
