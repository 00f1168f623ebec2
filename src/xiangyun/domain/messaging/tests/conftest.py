"""A real SMTP server for the tests, and what it took."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Post:
    """What an SMTP server took, and what it answers: to a recipient, and to a whole mail."""

    taken: list[Any] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    to_recipient: str = "250 OK"
    to_data: str = "250 OK"
    port: int = 0
    ca: str = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.to_data.startswith("250"):
            self.taken.append(envelope)
        return self.to_data

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"secret", handled=False)


class _UnderTls(Controller):
    """A server that demands STARTTLS and a log-in."""

    def __init__(self, post: Post, context: ssl.SSLContext) -> None:
        self._post, self._context = post, context
        super().__init__(post, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        return SMTP(
            self.handler,
            tls_context=self._context,
            require_starttls=True,
            auth_required=True,
            authenticator=self._post.authenticate,
        )


def _port(controller: Controller) -> int:
    assert controller.server is not None
    return int(controller.server.sockets[0].getsockname()[1])


class _Anywhere(Controller):
    """A server at a port that the machine chooses."""

    def _trigger_server(self) -> None:
        self.port = _port(self)
        super()._trigger_server()


class _UnderTlsAnywhere(_UnderTls, _Anywhere):
    """The same at a port that the machine chooses."""


@pytest.fixture
def post() -> Iterator[Post]:
    """A plain SMTP server."""
    kept = Post()
    controller = _Anywhere(kept, hostname="127.0.0.1", port=0)
    controller.start()
    kept.port = _port(controller)
    yield kept
    controller.stop()


@pytest.fixture
def post_under_tls(tmp_path: Path) -> Iterator[Post]:
    """An SMTP server with STARTTLS, whose certificate only its own authority vouches for."""
    kept = Post()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = tmp_path / "ca.pem", tmp_path / "key.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, secret)
    controller = _UnderTlsAnywhere(kept, context)
    controller.start()
    kept.port, kept.ca = _port(controller), str(file)
    yield kept
    controller.stop()
