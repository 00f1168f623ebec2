"""`xiangyun conformance draw` and `xiangyun draw verify`, as they are typed."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiangyun.adapters import beacons
from xiangyun.faces.cli.conformance import conformance
from xiangyun.faces.cli.draw import draw
from xiangyun.kernel.draw import FRAME, RECORD, RESULT
from xiangyun.kernel.draw.tests.drawing import record_of

ROOT = Path(__file__).parents[5]
KIT = Path(os.environ.get("XIANGYUN_SHARED", ROOT.parent / "shared")) / "suites" / "random-draw"

# Rounds that drand's networks published; see the README of noislabs/drand-verify.
UNCHAINED = {
    "name": "unchained",
    "scheme": "pedersen-bls-unchained",
    "public_key": "8200fc249deb0148eb918d6e213980c5d01acd7fc251900d9260136da3b54836ce125172399ddc69"
    "c4e3e11429b62c11",
    "round": 223344,
    "signature": "94f6b85df7cce7237e8e7df66d794ddad092de5d8bb6a791b97e905aa89852e506ac36a792eba7021"
    "e22eebf34891f8914bf9a8dd9233ea0a4c5ca00ef8404999f899073dd2eade61fe54077fee8168f83dcb61a758b68"
    "83b38904054e64a433",
    "valid": True,
}
QUICKNET = {
    "name": "quicknet",
    "scheme": "bls-unchained-g1-rfc9380",
    "public_key": "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3a"
    "c6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09"
    "e76eae8991ef5ece45a",
    "round": 657413,
    "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e"
    "91a6b85b89cd97b",
    "valid": True,
}
MAINNET = {
    "name": "chained",
    "scheme": "pedersen-bls-chained",
    "public_key": "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c729"
    "3784a9402801af31",
    "round": 72785,
    "previous_signature": "a609e19a03c2fcc559e8dae14900aaefe517cb55c840f6e69bc8e4f66c8d18e8a609685d"
    "9917efbfb0c37f058c2de88f13d297c7e19e0ab24813079efe57a182554ff054c7638153f9b26a60e7111f71a0ff6"
    "3d9571704905d3ca6df0b031747",
    "signature": "82f5d3d2de4db19d40a6980e8aa37842a0e55d1df06bd68bddc8d60002e8e959eb9cfa368b3c1b77d"
    "18f02a54fe047b80f0989315f83b12a74fd8679c4f12aae86eaf6ab5690b34f1fddd50ee3cc6f6cdf59e95526d5a5"
    "d82aaa84fa6f181e42",
    "valid": True,
}
FASTNET = {
    "name": "fastnet",
    "scheme": "bls-unchained-on-g1",
    "public_key": "a0b862a7527fee3a731bcb59280ab6abd62d5c0b6ea03dc4ddf6612fdfc9d01f01c315425417719"
    "03475eb1ec6615f8d0df0b8b6dce385811d6dcf8cbefb8759e5e616a3dfd054c928940766d9a5b9db91e3b697e5d70a"
    "975181e007f87fca5e",
    "round": 5713537,
    "signature": "9391bf57538cf1c0012fabc0d933408d21f785324bcbb4f9850503e5a31e268f6e523e1c1db91ab4b"
    "f950752474e1580",
    "valid": True,
}
GOOD = [UNCHAINED, QUICKNET, MAINNET, FASTNET]


def not_valid(name, same_as, **fields):
    return {"name": name, "same_as": same_as, **fields, "valid": False}


FORGED = [
    not_valid("another round", "quicknet", round=657414),
    not_valid("another round of it", "another round", round=657415),
    not_valid("another scheme", "quicknet", scheme="bls-unchained-on-g1"),
    not_valid("a key of another group", "quicknet", public_key=MAINNET["public_key"]),
    not_valid("a key that is no point", "quicknet", public_key=QUICKNET["public_key"][:-2] + "00"),
    not_valid("no former signature", "chained", previous_signature=None),
    not_valid("another former signature", "chained", previous_signature=UNCHAINED["signature"]),
    not_valid("chained as unchained", "chained", scheme="pedersen-bls-unchained"),
    not_valid("half a signature", "chained", signature=MAINNET["signature"][:96]),
    not_valid("a scheme that no network has", "quicknet", scheme="bls-unchained-g3"),
    not_valid("no scheme", "quicknet", scheme=None),
    not_valid("a key of the wrong length", "quicknet", public_key=QUICKNET["public_key"][:-2]),
    not_valid("a signature that is a number", "quicknet", signature=7),
    not_valid("a negative round", "quicknet", round=-657413),
    not_valid("a round beyond all", "quicknet", round=2**64),
    not_valid("a round that is true", "quicknet", round=True),
    not_valid("the signature of another group", "quicknet", signature=MAINNET["signature"]),
    not_valid("the point at infinity", "quicknet", signature="c0" + "00" * 47),
    not_valid("a bit of the signature", "quicknet", signature="93" + QUICKNET["signature"][2:]),
    not_valid("unchained as chained", "unchained", scheme="pedersen-bls-chained"),
    {"name": "in capitals", "same_as": "quicknet", "signature": QUICKNET["signature"].upper()},
    {"name": "a former signature that nobody asks for", "same_as": "unchained",
     "previous_signature": "00" * 96},
    not_valid("no digits", "fastnet", signature="zz"),
    not_valid("empty", "fastnet", signature=""),
    not_valid("no number", "fastnet", round="5713537"),
    not_valid("below the first", "fastnet", round=0),
    not_valid("randomness of another", "fastnet", randomness="00" * 32),
    not_valid("nothing under no key", "fastnet", signature="c0" + "00" * 47,
              public_key="c0" + "00" * 95),
]  # fmt: skip


def run(command, *arguments):
    return CliRunner().invoke(command, [*map(str, arguments)], catch_exceptions=False)


def tried(folder, *cases):
    (folder / "beacons.json").write_text(json.dumps({"cases": cases}), encoding="utf-8")
    return run(conformance, "draw", folder)


@pytest.mark.skipif(not KIT.is_dir(), reason=f"the draws are not at {KIT}; set XIANGYUN_SHARED")
def test_the_selection_of_the_kit_comes_out():
    done = run(conformance, "draw", KIT)
    assert (done.output, done.exit_code) == ("passed 1 of 1\n", 0)


def test_a_selection_that_does_not_come_out_is_named(tmp_path):
    given = {"sources": ["9319"], "key": "9319./", "pool": 25, "selected": [1, 2]}
    (tmp_path / "wrong.json").write_text(json.dumps(given), encoding="utf-8")
    done = run(conformance, "draw", tmp_path)
    assert done.exit_code == 1
    assert done.output.startswith("passed 0 of 1\n  wrong.json: expected")


def test_rounds_of_every_scheme_are_told_from_forged_ones(tmp_path):
    pytest.importorskip("drand_verify", reason="drand-verify is not installed")
    done = tried(tmp_path, *GOOD, *FORGED)
    assert done.output == f"passed {len(GOOD) + len(FORGED)} of {len(GOOD) + len(FORGED)}\n"
    assert done.exit_code == 0


def test_a_scheme_that_the_library_does_not_know_is_said_and_does_not_pass(tmp_path):
    pytest.importorskip("drand_verify", reason="drand-verify is not installed")
    unknown = {**QUICKNET, "scheme": "bls-bn254-unchained-on-g1"}
    done = tried(tmp_path, unknown, {**unknown, "name": "forged", "valid": False})
    assert done.output.startswith("passed 0 of 2")
    assert "bls-bn254-unchained-on-g1" in done.output


def test_without_the_library_it_is_said_and_nothing_passes(tmp_path, monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(beacons, "import_module", absent)
    done = tried(tmp_path, QUICKNET, not_valid("forged", "quicknet", round=1))
    assert done.output.startswith("passed 0 of 2")
    assert 'pip install "xiangyun[drand]"' in done.output


def test_a_case_that_is_the_same_as_none_is_named(tmp_path):
    done = tried(tmp_path, not_valid("lost", "nowhere"))
    assert (done.exit_code, "nowhere" in done.output) == (1, True)


def test_a_folder_without_cases_is_refused(tmp_path):
    assert run(conformance, "draw", tmp_path).exit_code == 1


# Verifying a record -----------------------------------------------------------------------------


def published(place, record, files):
    (place / RECORD).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    for name, content in files.items():
        (place / name).write_bytes(content)
    return place


def test_a_record_is_verified_as_file_folder_and_zip(tmp_path):
    place = published(tmp_path, *record_of())
    packed = tmp_path / "draw.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (RECORD, *record_of()[1]):
            archive.write(place / name, name)
    for given in (place, place / RECORD, packed):
        done = run(draw, "verify", given)
        assert done.exit_code == 0, done.output
    again = tmp_path / "again.csv"
    run(draw, "verify", packed, "--write", again)
    assert again.read_bytes() == (place / RESULT).read_bytes()


def test_a_frame_that_was_changed_after_the_order_ends_with_1(tmp_path):
    record, files = record_of()
    place = published(tmp_path, record, {**files, FRAME: files[FRAME] + b"Z9,A,22,1,0,\n"})
    done = run(draw, "verify", place, "--json")
    assert done.exit_code == 1
    said = json.loads(done.output)
    assert said["answer"] == "altered"
    assert said["steps"][0]["passed"] is False


def test_what_is_no_record_ends_with_3(tmp_path):
    (tmp_path / RECORD).write_text("[]", encoding="utf-8")
    assert run(draw, "verify", tmp_path).exit_code == 3
    (tmp_path / RECORD).write_text("{", encoding="utf-8")
    assert run(draw, "verify", tmp_path / RECORD).exit_code == 3


def test_a_draw_that_is_not_revealed_ends_with_2(tmp_path):
    record, files = record_of()
    place = published(tmp_path, {**record, "reveal": None}, files)
    assert run(draw, "verify", place).exit_code == 2
