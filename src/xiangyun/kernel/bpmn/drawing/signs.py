"""The small signs inside tasks, events and gateways, each drawn in a box of 16 by 16."""

from __future__ import annotations

_ENVELOPE = '<path class="x-sign{0}" d="M1.5 3.5h13v9h-13z"/><path class="x-sign" d="{1}"/>'

TASKS: dict[str, str] = {
    "userTask": '<path class="x-sign" d="M8 8.2a3 3 0 1 0 0-6a3 3 0 0 0 0 6zM2.2 14.5c0-3.2 '
    '2.6-4.6 5.8-4.6s5.8 1.4 5.8 4.6"/>',
    "serviceTask": '<path class="x-sign" d="M8 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5z'
    "M8 1.5v2.2M8 12.3v2.2M1.5 8h2.2M12.3 8h2.2M3.4 3.4l1.6 1.6M11 11l1.6 "
    '1.6M3.4 12.6l1.6-1.6M11 5l1.6-1.6"/>',
    "businessRuleTask": '<path class="x-sign" d="M1.5 2.5h13v11h-13zM1.5 5.8h13M1.5 '
    '9.6h13M5.8 5.8v7.7"/>',
    "scriptTask": '<path class="x-sign" d="M4.5 1.8h9c-2.2 2-2.2 4 0 6.2s2.2 4.2 0 '
    '6.2h-9c2.2-2 2.2-4 0-6.2s-2.2-4.2 0-6.2zM5.2 5h5M5.8 8h5M6.6 11h5"/>',
    "sendTask": _ENVELOPE.format(" x-solid", "M1.5 3.5l6.5 5.2l6.5-5.2").replace(
        'class="x-sign" d="M1.5 3.5l', 'class="x-sign x-inverse" d="M1.5 3.5l'
    ),
    "receiveTask": _ENVELOPE.format("", "M1.5 3.5l6.5 5.2l6.5-5.2"),
    "manualTask": '<path class="x-sign" d="M2 9.5c0-3 2-5 4.5-5h6.5M9 7h4.8M9 9.5h4.3M9 '
    '12h3.3M2 9.5c0 3 2 4.5 4.5 4.5h4.2"/>',
}

EVENTS: dict[str, tuple[str, str]] = {
    "message": (
        _ENVELOPE.format("", "M1.5 3.5l6.5 5.2l6.5-5.2"),
        TASKS["sendTask"],
    ),
    "timer": (
        '<circle class="x-sign" cx="8" cy="8" r="6.5"/><path class="x-sign" d="M8 4v4l2.8 1.8"/>',
        "",
    ),
    "signal": (
        '<path class="x-sign" d="M8 2l6.2 10.8h-12.4z"/>',
        '<path class="x-sign x-solid" d="M8 2l6.2 10.8h-12.4z"/>',
    ),
    "error": (
        '<path class="x-sign" d="M2.5 13.5l3.2-10l4 5.5l4-6.5l-3.2 10l-4-5.5z"/>',
        '<path class="x-sign x-solid" d="M2.5 13.5l3.2-10l4 5.5l4-6.5l-3.2 10l-4-5.5z"/>',
    ),
    "escalation": (
        '<path class="x-sign" d="M8 1.8l4.6 12l-4.6-4.6l-4.6 4.6z"/>',
        '<path class="x-sign x-solid" d="M8 1.8l4.6 12l-4.6-4.6l-4.6 4.6z"/>',
    ),
    "conditional": (
        '<path class="x-sign" d="M3 1.8h10v12.4h-10zM5 5h6M5 8h6M5 11h6"/>',
        "",
    ),
    "compensate": (
        '<path class="x-sign" d="M7.8 3.5v9l-6-4.5zM14 3.5v9l-6-4.5z"/>',
        '<path class="x-sign x-solid" d="M7.8 3.5v9l-6-4.5zM14 3.5v9l-6-4.5z"/>',
    ),
    "link": (
        '<path class="x-sign" d="M1.8 5.8h7v-3l5.4 5.2l-5.4 5.2v-3h-7z"/>',
        '<path class="x-sign x-solid" d="M1.8 5.8h7v-3l5.4 5.2l-5.4 5.2v-3h-7z"/>',
    ),
    "terminate": ("", '<circle class="x-sign x-solid" cx="8" cy="8" r="6.8"/>'),
    "multiple": ('<path class="x-sign" d="M8 1.8l6.2 4.6l-2.4 7.2h-7.6l-2.4-7.2z"/>', ""),
    "cancel": (
        '<path class="x-sign" d="M3.5 3.5l9 9M12.5 3.5l-9 9"/>',
        '<path class="x-sign x-heavy" d="M3.5 3.5l9 9M12.5 3.5l-9 9"/>',
    ),
}
"""Trigger -> (sign where it is caught, sign where it is thrown)."""

GATEWAYS: dict[str, str] = {
    "exclusiveGateway": '<path class="x-sign x-heavy" d="M4 4l8 8M12 4l-8 8"/>',
    "parallelGateway": '<path class="x-sign x-heavy" d="M8 2v12M2 8h12"/>',
    "inclusiveGateway": '<circle class="x-sign x-heavy" cx="8" cy="8" r="5.5"/>',
    "eventBasedGateway": '<circle class="x-sign" cx="8" cy="8" r="7"/>'
    '<path class="x-sign" d="M8 4l3.8 2.8l-1.4 4.4h-4.8l-1.4-4.4z"/>',
    "complexGateway": '<path class="x-sign x-heavy" d="M8 2v12M2 8h12M3.8 3.8l8.4 8.4M12.2 '
    '3.8l-8.4 8.4"/>',
}

LOOPS: dict[str, str] = {
    "parallel": '<path class="x-sign x-heavy" d="M4.5 3v10M8 3v10M11.5 3v10"/>',
    "sequential": '<path class="x-sign x-heavy" d="M3 4.5h10M3 8h10M3 11.5h10"/>',
    "standard": '<path class="x-sign" d="M5.2 13.2a5.6 5.6 0 1 1 4.6 .4M5.4 9.8v3.6h-3.6"/>',
}
COLLAPSED = '<path class="x-sign" d="M2 2h12v12h-12zM8 4.5v7M4.5 8h7"/>'
CHECK = '<path class="x-badge-sign" d="M4 8.3l2.8 2.9l5.2-6"/>'
CROSS = '<path class="x-badge-sign" d="M5 5l6 6M11 5l-6 6"/>'
