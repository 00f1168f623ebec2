"""Soundness of a process: every case can end, leaves no token behind, and no element is dead."""

from xiangyun.kernel.bpmn.soundness.proof import soundness_findings

__all__ = ["soundness_findings"]
