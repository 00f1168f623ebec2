"""Canaille, a real provider of OpenID Connect, on a free port; ends when its input is closed.

Run by the Python of `build/bench/provider`, and told in one line of JSON what the client is called,
its secret, where it may lead back to, and who has an account. Prints its address.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import uuid
from datetime import UTC, datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # this machine only, and nothing real

import canaille
from canaille.app import models
from canaille.backends import Backend
from canaille.backends.memory.backend import MemoryBackend
from joserfc.jwk import RSAKey


class Quiet(WSGIRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None: ...


def where_all_hold(query: Any) -> Any:
    """Canaille 0.3.6 keeps data in memory and finds what fits any of the conditions, not all."""

    def found(self: object, model: object, *args: object, **kwargs: object) -> list[Any]:
        each = [query(self, model, *args, **{name: value}) for name, value in kwargs.items()]
        if not each:
            return list(query(self, model, *args))
        ids = set.intersection(*({one.id for one in some} for some in each))
        return [one for one in each[0] if one.id in ids]

    return found


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    MemoryBackend.do_query = where_all_hold(MemoryBackend.do_query)
    server = make_server("127.0.0.1", 0, lambda *_: [], handler_class=Quiet)
    address = f"localhost:{server.server_port}"
    config = {
        "TESTING": True,
        "ENV_FILE": None,
        "SECRET_KEY": uuid.uuid4().hex,
        "WTF_CSRF_ENABLED": False,
        "PREFERRED_URL_SCHEME": "http",
        "SERVER_NAME": address,
        "CANAILLE": {
            "DATABASE": "memory",
            "JAVASCRIPT": False,
            "HTMX": False,
            "CAPTCHA_ENABLED": False,
            "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc"]}},
            "LOGGING": {"version": 1, "disable_existing_loggers": False},
        },
        "CANAILLE_OIDC": {
            "ACTIVE_JWKS": [RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)]
        },
    }
    app = canaille.create_app(config=config)
    server.set_app(app)
    with app.app_context():
        for login, name in asked["people"].items():
            user = models.User(
                user_name=login,
                formatted_name=name,
                family_name=name,
                emails=[f"{login}@example.org"],
                password=asked["password"],
            )
            Backend.instance.save(user)
        client = models.Client(
            client_id=asked["client"],
            client_secret=asked["secret"],
            client_name=asked["client"],
            client_uri=asked["home"],
            redirect_uris=[asked["back"]],
            post_logout_redirect_uris=[asked["home"]],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "profile"],
            token_endpoint_auth_method="client_secret_basic",
            client_id_issued_at=datetime.now(UTC),
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"issuer": f"http://{address}"}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
