"""The signing key appears once, stays private, and old signatures outlive it."""

from __future__ import annotations

import stat
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from xiangyun.adapters.keys import public_key, put_once, signing_key, trusted_keys
from xiangyun.domain.journal import signatures
from xiangyun.kernel.findings import Refused


def test_the_first_use_makes_a_key_that_stays(tmp_path):
    folder = tmp_path / "keys"
    first = signing_key(folder)
    assert signing_key(folder).key_id == first.key_id
    assert stat.S_IMODE((folder / "signing.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(file.name for file in folder.iterdir()) == ["public.pem", "signing.pem"]
    assert "PRIVATE" not in first.public_key_pem + repr(first)


_PROGRAM = """
import sys, pathlib
from xiangyun.adapters.keys import signing_key
sys.stdin.read()
print(signing_key(pathlib.Path(sys.argv[1])).key_id)
"""


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(tmp_path / "keys")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        process.stdin.close()
        process.stdin = None
    made = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert made == {signing_key(tmp_path / "keys").key_id}
    assert not list((tmp_path / "keys").glob("*.pem.*")), "no draft is left behind"


def test_of_two_first_keys_one_counts(tmp_path):
    """The moment of the race itself: the key file appears between the look and the write."""
    file = tmp_path / "signing.pem"
    put_once(file, b"first")
    put_once(file, b"second")
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]


def test_a_signature_is_checked_with_the_public_key_alone(tmp_path):
    signer = signing_key(tmp_path)
    signature = signatures.sign(signer, "test", {"name": "虚构"})
    trusted = trusted_keys(tmp_path)
    assert signatures.holds(signature, trusted, "test", {"name": "虚构"})
    assert not signatures.holds(signature, trusted, "test", {"name": "另一个"})
    assert not signatures.holds(signature, trusted, "another purpose", {"name": "虚构"})
    assert not signatures.holds(signature, {}, "test", {"name": "虚构"})


def test_after_a_change_of_key_the_old_signatures_hold(tmp_path):
    old = signing_key(tmp_path)
    signature = signatures.sign(old, "test", 1)
    (tmp_path / "trusted").mkdir()
    (tmp_path / "public.pem").rename(tmp_path / "trusted" / "2026.pem")
    (tmp_path / "signing.pem").unlink()
    new = signing_key(tmp_path)
    assert new.key_id != old.key_id
    assert trusted_keys(tmp_path).keys() == {old.key_id, new.key_id}
    assert signatures.holds(signature, trusted_keys(tmp_path), "test", 1)


def test_no_key_is_trusted_before_the_first_signature(tmp_path):
    assert trusted_keys(tmp_path) == {}


def test_a_key_that_others_can_read_is_refused(tmp_path):
    signing_key(tmp_path)
    (tmp_path / "signing.pem").chmod(0o644)
    with pytest.raises(Refused, match=r"keys\.E001.*chmod 600"):
        signing_key(tmp_path)


@pytest.mark.parametrize("kind", ["text", "another curve"])
def test_a_file_that_is_no_key_is_named(tmp_path, kind):
    pem = b"hello"
    if kind == "another curve":
        key = generate_private_key(SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    (tmp_path / "signing.pem").chmod(0o600)
    with pytest.raises(Refused, match=r"signing\.pem: keys\.E002"):
        signing_key(tmp_path)


def test_a_file_that_is_no_public_key_is_named(tmp_path):
    (tmp_path / "mine.pem").write_text("你好", encoding="utf-8")
    with pytest.raises(Refused, match=r"mine\.pem: keys\.E003"):
        public_key(tmp_path / "mine.pem")
