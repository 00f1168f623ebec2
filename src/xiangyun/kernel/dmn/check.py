"""Checking a model: every fault in one go, with line numbers."""

from __future__ import annotations

from xiangyun.kernel.dmn.read import read_with_findings
from xiangyun.kernel.findings import Finding, Refused


def check_model(text: str | bytes, file: str = "rules.dmn") -> list[Finding]:
    """All findings about a DMN file; empty when there is nothing to say."""
    try:
        _, findings = read_with_findings(text, file)
    except Refused as refused:
        return refused.findings
    return findings
