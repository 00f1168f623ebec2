"""What the pages may load: what this site serves, and the one style that drawings carry."""

from __future__ import annotations

import base64
import hashlib

from xiangyun.kernel.bpmn.drawing.style import STYLE

_DRAWING = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{_DRAWING}';"
    " img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
