"""Set a workbench page: its own words in the frame of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.page import rendered
from xiangyun.faces.look.requests import ActorRequest


def page(
    request: ActorRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page with the official's desks in its header."""
    held = request.actor.mandates
    frame = {
        "desk": "、".join(dict.fromkeys(mandate.desk for mandate in held)),
        "oversees": cases.oversees(request.actor),
        "may_file": any(mandate.role == "desk" for mandate in held),
    }
    return rendered(request, f"workbench/{template}", {**frame, **context}, status=status)
