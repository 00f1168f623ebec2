"""Render a page of any face, with the policy of what it may load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xiangyun.faces.look.policy import POLICY


def rendered(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page, kept to what this site serves."""
    answer = render(request, template, dict(context), status=status)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
