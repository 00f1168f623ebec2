"""A bank at its side of `bank-loans`: a whole client in one file, with nothing of Xiangyun in it.

    bank.py key bank.pem                          make a key; print the public one to hand over
    bank.py send bank.pem platform.pub ADDRESS MESSAGE BODY      sign a message, post it
    bank.py listen bank.pem platform.pub FOLDER   take requests, sign a receipt for each
    bank.py file bank.pem FOLDER MESSAGE BODY     the same message as a signed file

ADDRESS is the platform's, such as https://platform.example/exchange/in; BODY is JSON. Requests are
signed by RFC 9421 with Ed25519, bodies have a digest by RFC 9530; the platform signs its answers
and its requests, which is checked, too. Needs Python 3.11 and the package `cryptography`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

CONNECTOR, TAG, LABEL = "bank-loans", "xiangyun-exchange", "bank"
COVERED = ("@method", "@authority", "@path", "content-digest", "content-type", "idempotency-key")
LATEST = 15 * 60
"""Seconds that the clocks of both sides may differ."""


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The key as it is handed over."""
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, kind)


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key: the first 128 bits of SHA-256 over its DER form."""
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    der = key.public_bytes(serialization.Encoding.DER, kind)
    return hashlib.sha256(der).hexdigest()[:32]


def own_key(file: str) -> Ed25519PrivateKey:
    """The bank's key from its file."""
    found = serialization.load_pem_private_key(Path(file).read_bytes(), None)
    assert isinstance(found, Ed25519PrivateKey)
    return found


def their_key(file: str) -> Ed25519PublicKey:
    """The platform's public key, as `xiangyun exchange own-key` prints it."""
    found = serialization.load_pem_public_key(Path(file).read_bytes())
    assert isinstance(found, Ed25519PublicKey)
    return found


def digest(body: bytes) -> str:
    """Content-Digest of a body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def number(message: str, text: str) -> str:
    """The number of a message: whoever sends the same again sends the same number."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, message + text))


def signed(lines: Mapping[str, str], key: Ed25519PrivateKey) -> dict[str, str]:
    """Both header fields of a signature over these parts, whose values are given."""
    names = " ".join(lines)
    said = f'({names});created={int(time.time())};keyid="{key_id(key.public_key())}";alg="ed25519"'
    said += f';tag="{TAG}"'
    base = "".join(f"{name}: {value}\n" for name, value in lines.items())
    value = base64.b64encode(key.sign(f'{base}"@signature-params": {said}'.encode())).decode()
    return {"Signature-Input": f"{LABEL}={said}", "Signature": f"{LABEL}=:{value}:"}


def check(
    headers: Mapping[str, str], body: bytes, known: Mapping[str, str], key: Ed25519PublicKey
) -> None:
    """Raise InvalidSignature unless the platform signed a message with this body, just now.

    `known`: the values of the parts that are no header fields, such as `"@status"`.
    """
    said = headers.get("signature-input", "").partition("=")[2]
    names = re.findall(r'"[^"]*"(?:;req)?', said[: said.find(")")])
    given = {f'"{name}"': value for name, value in headers.items()} | dict(known)
    created = re.search(r";created=(\d+)", said)
    needed = {'"content-digest"', *(name for name in known if name != '"signature";req')}
    if (
        needed - set(names)
        or f';tag="{TAG}"' not in said
        or created is None
        or abs(time.time() - int(created[1])) > LATEST
        or headers.get("content-digest") != digest(body)
    ):
        raise InvalidSignature
    base = "".join(f"{name}: {given[name]}\n" for name in names)
    value = headers.get("signature", "").partition("=:")[2].rstrip(":")
    key.verify(base64.b64decode(value), f'{base}"@signature-params": {said}'.encode())


def send(own: str, platform: str, address: str, message: str, text: str) -> int:
    """Post a message; print the answer. 0 where it was taken."""
    body, url = text.encode(), f"{address}/{CONNECTOR}/{message}"
    parts = urlsplit(url)
    fields = {
        "Content-Digest": digest(body),
        "Content-Type": "application/json",
        "Idempotency-Key": f'"{number(message, text)}"',
    }
    values = ["POST", parts.netloc, parts.path, *fields.values()]
    names = (f'"{name}"' for name in COVERED)
    fields |= signed(dict(zip(names, values, strict=True)), own_key(own))
    request = urllib.request.Request(url, body, fields, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, told, came = answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as refused:
        status, told, came = refused.code, refused.read(), refused.headers
    known = {'"@status"': str(status), '"signature";req': fields["Signature"]}
    check({k.lower(): v for k, v in came.items()}, told, known, their_key(platform))
    print(told.decode())
    return 0 if status < 300 else 1


def listen(own: str, platform: str, folder: str) -> None:
    """Keep each request in a file, and sign a receipt for it; the port is printed."""

    class Requests(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            came = {name.lower(): value for name, value in self.headers.items()}
            known = {
                '"@method"': "POST",
                '"@authority"': self.headers["host"].lower(),
                '"@path"': self.path,
            }
            status, receipt = 200, json.loads(body)
            try:
                check(came, body, known, their_key(platform))
            except InvalidSignature:
                status = 403
            else:
                given = came["idempotency-key"].strip('"')
                name = self.path.rpartition("/")[2]
                Path(folder, f"{name}-{given}.json").write_bytes(body)
            said = str(receipt.get("number") or receipt.get("contract"))
            answer = json.dumps({"receipt": f"BANK-{said}"}).encode()
            lines = {
                '"@status"': str(status),
                '"content-digest"': digest(answer),
                '"signature";req': came.get("signature", ""),
            }
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Digest", digest(answer))
            for field, value in signed(lines, own_key(own)).items():
                self.send_header(field, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing: what came lies in the folder."""

    server = HTTPServer(("127.0.0.1", 0), Requests)
    print(server.server_port, flush=True)
    server.serve_forever()


def file(own: str, folder: str, message: str, text: str) -> int:
    """Put a message down as a signed file, for a carrier or a shared folder."""
    key, own_number = own_key(own), number(message, text)
    said = {"connector": CONNECTOR, "message": message, "id": own_number, "series": "", "number": 0}
    content = {**said, "after": 0, "body": text}
    # Canonical JSON (RFC 8785): of these values, what json writes with sorted keys.
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    value = key.sign(b"xiangyun exchange message\n" + written.encode())
    name = key_id(key.public_key())
    signature = {
        "algorithm": "Ed25519",
        "key_id": name,
        "value": base64.b64encode(value).decode(),
    }
    target = Path(folder, name)
    target.mkdir(exist_ok=True)
    whole = {"signed": content, "signature": signature}
    (target / f"{own_number}.json").write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    return 0


def make(file: str) -> None:
    """Make a key, for the bank alone to read."""
    key, there = Ed25519PrivateKey.generate(), Path(file)
    there.touch(mode=0o600, exist_ok=False)
    kind = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    there.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))
    print(public_pem(key.public_key()).decode(), end="")


if __name__ == "__main__":
    commands = {"key": make, "send": send, "listen": listen, "file": file}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        raise SystemExit(__doc__)
    raise SystemExit(commands[sys.argv[1]](*sys.argv[2:]))
