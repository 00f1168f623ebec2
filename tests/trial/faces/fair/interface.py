"""Festivals over the interface."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router
from xiangyun.domain.festivals import queries

router = Router(tags=["festivals"])


@router.get("/festivals", auth=None, response=list[str])
def list_festivals(request: HttpRequest) -> list[str]:
    """Their names."""
    return [festival.name for festival in queries.festivals()]
