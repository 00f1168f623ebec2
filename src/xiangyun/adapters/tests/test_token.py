"""Keys in a PKCS#11 token sign as those in files do, and are rotated by a command."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiangyun.adapters import token
from xiangyun.adapters.keyring import FileKeys, rotate
from xiangyun.domain.journal import algorithms
from xiangyun.domain.journal.signatures import holds, sign
from xiangyun.faces.cli.keys import keys
from xiangyun.kernel.findings import Refused

LIBRARY = next(
    (path for path in Path("/usr/lib").glob("**/libsofthsm2.so")), Path("libsofthsm2.so")
)


@pytest.fixture
def hsm(tmp_path, monkeypatch):
    pytest.importorskip("pkcs11")
    tool = shutil.which("softhsm2-util")
    if tool is None:
        pytest.skip("SoftHSM2 (Debian: softhsm2) is not installed")
    (tmp_path / "tokens").mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    told = ["--init-token", "--free", "--label", "xiangyun", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run([tool, *told], check=True, capture_output=True)
    monkeypatch.setenv("XIANGYUN_PKCS11", f"{LIBRARY} xiangyun")
    monkeypatch.setenv("XIANGYUN_PKCS11_PIN", "1234")
    token._in_token.cache_clear()
    yield tmp_path / "keys"
    token._in_token.cache_clear()


def test_a_token_signs_what_files_would_and_keeps_the_key(hsm):
    found = token.from_environment(hsm)
    for algorithm in ("Ed25519", "ES256"):
        key = found.signer(algorithm)
        signature = sign(key, "test/1", {"a": 1})
        assert holds(signature, key.trusted, "test/1", {"a": 1})
        assert not holds(signature, key.trusted, "test/1", {"a": 2})
        token._in_token.cache_clear()
    assert len(found.chain()) == 2
    assert not list(hsm.glob("signing*"))
    # The token is used by one session after the other; a wrong PIN opens none.
    wrong = token.TokenKeys(hsm, str(LIBRARY), "xiangyun", "0000")
    with pytest.raises(Refused, match=r"keys\.E011"):
        wrong.signer("ES256")


@pytest.mark.parametrize("algorithm", ["Ed25519", "ES256"])
def test_what_an_earlier_key_signed_stays_valid(tmp_path, algorithm):
    before = FileKeys(tmp_path).signer(algorithm)
    signature = sign(before, "test/1", {"a": 1})
    chain = FileKeys(tmp_path).chain()
    new = rotate(tmp_path, algorithm)
    after = FileKeys(tmp_path).signer(algorithm)
    assert (after.key_id == new, new != before.key_id) == (True, True)
    assert holds(signature, after.trusted, "test/1", {"a": 1})
    if algorithm == "ES256":
        again = FileKeys(tmp_path).chain()
        assert again[0] != chain[0]


def test_the_command_lists_and_warns_of_keys_in_files(tmp_path, monkeypatch):
    monkeypatch.setenv("XIANGYUN_HOME", str(tmp_path))
    monkeypatch.delenv("XIANGYUN_PKCS11", raising=False)
    told = CliRunner().invoke(keys, ["list"])
    assert told.exit_code == 0, told.output
    assert "ES256" in told.output
    assert "XIANGYUN_PKCS11" in told.output
    key = FileKeys(tmp_path / "keys").signer("ES256")
    assert key.key_id in told.output
    assert CliRunner().invoke(keys, ["rotate", "ES256"]).exit_code == 0
    after = FileKeys(tmp_path / "keys").signer("ES256")
    assert algorithms.jwk_of(after.public_key_pem) != algorithms.jwk_of(key.public_key_pem)
