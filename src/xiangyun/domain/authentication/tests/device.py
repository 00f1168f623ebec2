"""A device that makes and uses passkeys, in software: what a browser would answer."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as text

_PRESENT, _ATTESTED = 0x01, 0x40


@dataclass
class Device:
    """One passkey. `origin` is where the browser believes to be."""

    origin: str = "https://services.example.org"
    host: str = "services.example.org"
    count: int = 0
    identifier: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def __post_init__(self) -> None:
        self.key = generate_private_key(SECP256R1())

    def made(self, options: str) -> str:
        """What `navigator.credentials.create` answers."""
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        identity = bytes(16) + len(self.identifier).to_bytes(2, "big") + self.identifier
        data = self._data(_PRESENT | _ATTESTED) + identity + public
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def used(self, options: str) -> str:
        """What `navigator.credentials.get` answers."""
        self.count += 1
        data, client = self._data(_PRESENT), self._client("webauthn.get", options)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _data(self, flags: int) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        coded = {name: text(value) for name, value in response.items()}
        named = {"id": text(self.identifier), "rawId": text(self.identifier)}
        return json.dumps({**named, "type": "public-key", "response": coded})
