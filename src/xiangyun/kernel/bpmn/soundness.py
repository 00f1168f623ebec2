from __future__ import annotations

from xiangyun.kernel.bpmn.model import Process
from xiangyun.kernel.findings import Finding


def soundness_findings(process: Process) -> list[Finding]:
    """Filled in by milestone 3."""
    return []
