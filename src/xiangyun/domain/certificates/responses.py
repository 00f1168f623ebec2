"""Presentations come encrypted (`direct_post.jwt`, OpenID4VP 1.0 section 8.3, as HAIP wants).

Each request has a key of its own, made for it and gone with it: whoever copies traffic, or the
database later, reads no presentation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from xiangyun.kernel.credential.openid4vc import Fault

MODE = "direct_post.jwt"
AGREEMENT, CONTENT = "ECDH-ES", ("A128GCM", "A256GCM")
"""How the key is agreed on, and what content is encrypted by (HAIP 1.0 section 5)."""
_MOST_BYTES = 200_000


def new_key(kid: str) -> dict[str, Any]:
    """The private key of one request, as JWK."""
    made = ECKey.generate_key("P-256", {"use": "enc", "alg": AGREEMENT, "kid": kid}, private=True)
    return {str(name): value for name, value in made.as_dict(private=True).items()}


def public(key: Mapping[str, Any]) -> dict[str, Any]:
    """What the wallet is told of it."""
    return {name: value for name, value in key.items() if name != "d"}


def opened(text: str, key: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an encrypted response. Raises Fault `invalid_request`."""
    if len(text) > _MOST_BYTES:
        raise Fault("invalid_request", "response is too long")
    try:
        found = jwe.decrypt_compact(
            text, ECKey.import_key(dict(key)), algorithms=[AGREEMENT, *CONTENT]
        )
        # A compressed response may be a bomb; nobody asked for one.
        if "zip" in found.headers() or found.plaintext is None:
            raise Fault("invalid_request", "response is compressed")
        parameters = json.loads(found.plaintext)
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise Fault("invalid_request", f"response: {type(problem).__name__}") from None
    if not isinstance(parameters, dict):
        raise Fault("invalid_request", "response is a JSON object")
    return parameters
