"""The status that a refusal answers with: the one place that maps its kinds for HTTP (RFC 9110)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from xiangyun.kernel.findings import RefusalKind

STATUS: Mapping[RefusalKind, HTTPStatus] = {
    "not found": HTTPStatus.NOT_FOUND,
    "forbidden": HTTPStatus.FORBIDDEN,
    "stale": HTTPStatus.CONFLICT,
    "invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "conflict": HTTPStatus.CONFLICT,
}
