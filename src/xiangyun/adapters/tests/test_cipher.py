"""What is encrypted is readable with its key and beside its owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from xiangyun.adapters.cipher import DataCipher, add_key, data_cipher
from xiangyun.kernel.findings import Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "data"


def test_the_keys_are_made_once_and_nobody_else_reads_them(folder: Path) -> None:
    made = data_cipher(folder)
    data_cipher.cache_clear()
    assert data_cipher(folder) == made
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert made.lookup.hex() not in repr(made)


def test_a_value_is_read_by_its_key_and_beside_its_owner_alone(folder: Path) -> None:
    cipher = data_cipher(folder)
    sealed = cipher.encrypt(b"secret", about="totp/1")
    assert cipher.decrypt(sealed, about="totp/1") == b"secret"
    assert sealed != cipher.encrypt(b"secret", about="totp/1")
    stranger = DataCipher({1: bytes(32)}, bytes(32))
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for reader, value, about in (
        (cipher, sealed, "totp/2"),
        (stranger, sealed, "totp/1"),
        (cipher, changed, "totp/1"),
        (cipher, b"short", "totp/1"),
        (cipher, b"", "totp/1"),
    ):
        with pytest.raises(Refused, match=r"cipher\.E001"):
            reader.decrypt(value, about=about)


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(folder: Path) -> None:
    before = data_cipher(folder).encrypt(b"old", about="x")
    assert add_key(folder) == 2
    data_cipher.cache_clear()
    cipher = data_cipher(folder)
    after = cipher.encrypt(b"new", about="x")
    assert (cipher.key_number(before), cipher.key_number(after)) == (1, 2)
    assert cipher.decrypt(before, about="x") + cipher.decrypt(after, about="x") == b"oldnew"


def test_a_fingerprint_finds_the_same_value_again_and_nothing_else(folder: Path) -> None:
    cipher = data_cipher(folder)
    assert cipher.fingerprint("a", about="x") == cipher.fingerprint("a", about="x")
    others = [cipher.fingerprint("b", about="x"), cipher.fingerprint("a", about="y")]
    assert cipher.fingerprint("a", about="x") not in others


@pytest.mark.parametrize(
    ("content", "mode", "id"), [("00", 0o600, "E003"), ("00" * 32, 0o644, "E002")]
)
def test_a_key_that_is_none_or_open_to_others_is_refused(
    folder: Path, content: str, mode: int, id: str
) -> None:
    folder.mkdir(parents=True)
    (folder / "0001.key").write_text(content)
    (folder / "0001.key").chmod(mode)
    with pytest.raises(Refused, match=rf"cipher\.{id}"):
        data_cipher(folder)
