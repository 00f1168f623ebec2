"""Soundness of a process: every case can end, leaves no token behind, and no element is dead."""

from xiangyun.kernel.bpmn.soundness.outcomes import Outcomes
from xiangyun.kernel.bpmn.soundness.proof import Proof, prove, soundness_findings

__all__ = ["Outcomes", "Proof", "prove", "soundness_findings"]
