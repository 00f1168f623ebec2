"""How a meaning looks: the classes of the style, for what packs and rules say."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.service.meanings import Tone

SEVERITY_TONES = {"refuse": "late", "correct": "amber"}
"""How grave a finding looks, by its severity; a note looks like nothing in particular."""
OUTCOME_TONES: Mapping[Tone, str] = {"good": "good", "bad": "late", "plain": ""}
"""How the end of a case looks, by the tone of its outcome."""
