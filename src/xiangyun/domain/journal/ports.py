"""What the journal wants from outside: a key that signs."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """A private key that never leaves its holder.

    `algorithm` is one that `signatures` can check, today `Ed25519`. SM2 with SM3 (GM/T 0003) is
    meant to stand behind this same port: a signer of that name and its check in `signatures`.
    """

    @property
    def algorithm(self) -> str: ...

    @property
    def key_id(self) -> str:
        """The fingerprint of the public key, as `signatures.key_id` computes it."""

    @property
    def public_key_pem(self) -> str:
        """The public key as SubjectPublicKeyInfo in PEM (RFC 5280, RFC 7468)."""

    def sign(self, message: bytes) -> bytes: ...
