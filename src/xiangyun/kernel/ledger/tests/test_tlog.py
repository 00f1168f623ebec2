"""Checkpoints, proofs and tiles of C2SP, and a witness that finds a split view."""

import hashlib
import hmac

import pytest

from xiangyun.kernel.findings import Refused
from xiangyun.kernel.ledger import (
    Position,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
)
from xiangyun.kernel.ledger.note import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    NoteKey,
    Policy,
    cosigned,
    read_checkpoint,
    read_key,
    read_note,
    signed,
    signers,
    trusted_checkpoint,
)
from xiangyun.kernel.ledger.tlog import (
    Proof,
    Submission,
    Tile,
    bundle,
    check_bundle,
    check_proof,
    check_views,
    has_tile,
    judged,
    node_in,
    read_bundle,
    read_proof,
    read_submission,
    read_tile,
    tile_of,
    tiles_of,
)

LOG = NoteKey("log.example/journal", ED25519, b"L" * 32)
WITNESSES = tuple(NoteKey(f"w{n}.example", COSIGNATURE, bytes([n]) * 32) for n in (1, 2, 3))
POLICY = Policy("log.example/journal", (LOG,), WITNESSES, 2)
ENTRIES = [f"entry {n}".encode() for n in range(600)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def sign(key):
    return lambda message: hmac.digest(key.public, message, "sha512")


def checks(public, message, signature):
    return hmac.compare_digest(hmac.digest(public, message, "sha512"), signature)


def checkpoint(size, leaves=LEAVES, by=(0, 1)):
    text = Checkpoint(LOG.name, size, root_hash(leaves[:size])).text
    note = str(signed(text, LOG, sign(LOG)))
    return note + "".join(str(cosigned(text, WITNESSES[n], 99, sign(WITNESSES[n]))) for n in by)


def reason(call, *arguments):
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return refused.value.findings[0].id


def test_a_published_checkpoint_of_another_log_is_read():
    # The example of the specification: https://c2sp.org/tlog-checkpoint
    note = read_note(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
        "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    assert read_checkpoint(note).size == 20852163
    assert note.signatures[0].id.hex() == "033de0ae"


def test_a_key_names_itself():
    assert read_key(str(LOG)) == LOG
    assert reason(read_key, str(LOG).replace("log.", "lag.")) == "ledger.E002"


def test_two_of_three_witnesses_are_enough_and_one_is_not():
    assert trusted_checkpoint(checkpoint(5), POLICY, checks).size == 5
    assert reason(trusted_checkpoint, checkpoint(5, by=(2,)), POLICY, checks) == "ledger.E007"
    assert reason(trusted_checkpoint, checkpoint(5, by=(1, 1)), POLICY, checks) == "ledger.E003"


def test_a_change_of_a_checkpoint_is_found():
    text = checkpoint(5)
    for at, letter in enumerate(text):
        changed = text[:at] + ("x" if letter != "x" else "y") + text[at + 1 :]
        with pytest.raises(Refused):
            trusted_checkpoint(changed, POLICY, checks)


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n\n", "a\n\n- b AAAAAAA=\n", "a\n\n— b AAAA\n", "a\n\n— b AAAAAAA=", "a\r\n\n"],
)
def test_a_text_without_signatures_is_no_note(text):
    assert reason(read_note, text) == "ledger.E002"


@pytest.mark.parametrize(
    "body", ["o\n1\n", "o\n01\nAA==\n", "o\n-1\nAA==\n", "o\n1\nAA==\n", "o\n\n1\n"]
)
def test_a_note_that_is_no_checkpoint_is_refused(body):
    note = signed(body, LOG, sign(LOG))
    assert reason(read_checkpoint, note) == "ledger.E004"


@pytest.mark.parametrize("index", [0, 3, 299, 598])
def test_a_proof_comes_back_as_it_was_written_and_holds(index):
    proof = Proof(index, tuple(inclusion_proof(LEAVES[:599], index)), checkpoint(599), b"more")
    again = read_proof(str(proof))
    assert again == proof
    assert check_proof(again, LEAVES[index], POLICY, checks).size == 599
    assert reason(check_proof, again, LEAVES[index + 1], POLICY, checks) == "ledger.E006"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 3", "index 03"),
        ("index 3\n", ""),
        ("index 3", "index -3"),
        ("\n\n", "\nAA==\n\n"),
    ],
)
def test_a_proof_that_is_written_otherwise_is_refused(old, new):
    text = str(Proof(3, tuple(inclusion_proof(LEAVES[:9], 3)), checkpoint(9)))
    assert reason(read_proof, text.replace(old, new, 1)) == "ledger.E005"


def test_tiles_are_those_of_the_specification():
    # 273 full tiles of level 0, one of width 112, one full of level 1, one of 17, one of 1.
    tiles = list(tiles_of(70_000))
    assert [len([t for t in tiles if t.level == level]) for level in (0, 1, 2)] == [274, 2, 1]
    assert {t.width for t in tiles} == {256, 112, 17, 1}
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert [tile for tile in tiles if read_tile(tile.path) != tile] == []
    assert has_tile(Tile(1, 1, 17), 70_000)
    assert not has_tile(Tile(1, 1, 18), 70_000)


@pytest.mark.parametrize(
    "path",
    [
        "tile/00/000",
        "tile/64/000",
        "tile/0/1",
        "tile/0/x000/001",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
    ],
)
def test_an_address_that_is_no_tile_leads_nowhere(path):
    assert read_tile(path) is None


def test_any_node_follows_from_the_tiles():
    size = 600
    row = [b"".join(LEAVES[at : at + 256][: size - at]) for at in range(0, size, 256)]
    for position in (Position(0, 511), Position(3, 40), Position(7, 3)):
        tile = tile_of(position, size)
        content = row[tile.number][: 32 * tile.width]
        start = position.offset << position.level
        wanted = root_hash(LEAVES[start : start + (1 << position.level)])
        assert node_in(tile, content, position, node_hash) == wanted


def test_entries_of_a_tile_are_checked_against_their_hashes():
    content = bundle(ENTRIES[:20])
    assert check_bundle(content, b"".join(LEAVES[:20])) == ENTRIES[:20]
    assert reason(check_bundle, content, b"".join(LEAVES[1:21])) == "ledger.E010"
    assert reason(read_bundle, content[:-1]) == "ledger.E010"


# Witnesses

KEYS = {LOG.name: (LOG,)}


def asked(old, new, leaves=LEAVES, last=None, proof=None, text=None):
    proof = consistency_proof(leaves[:new], old) if proof is None else proof
    submitted = Submission(old, tuple(proof), text or checkpoint(new, leaves, by=()))
    assert read_submission(str(submitted)) == submitted
    seen = Checkpoint(LOG.name, last, root_hash(LEAVES[:last])) if last else None
    return judged(submitted, KEYS, lambda origin: seen, checks)


def test_a_witness_signs_what_continues_what_it_saw():
    assert asked(0, 5).status == 200
    assert asked(5, 9, last=5).status == 200
    assert asked(5, 5, last=5).status == 200


def test_a_fork_is_found_by_a_witness_and_by_whoever_compares():
    forked = [*LEAVES[:3], leaf_hash(b"another"), *LEAVES[4:]]
    assert asked(5, 9, forked, last=5).status == 422
    assert asked(5, 5, forked, last=5, proof=[]).status == 409
    ours = Checkpoint(LOG.name, 5, root_hash(LEAVES[:5]))
    theirs = Checkpoint(LOG.name, 9, root_hash(forked[:9]))
    proof = consistency_proof(forked[:9], 5)
    assert reason(check_views, ours, theirs, proof) == "ledger.E008"
    check_views(
        ours, Checkpoint(LOG.name, 9, root_hash(LEAVES[:9])), consistency_proof(LEAVES[:9], 5)
    )


def test_a_witness_refuses_by_the_statuses_of_the_protocol():
    assert asked(5, 9, last=4) == (409, None, "4\n")
    assert asked(0, 9, proof=LEAVES[:1]).status == 422
    assert asked(9, 5, last=9, proof=[]).status == 400
    other = checkpoint(5, by=()).replace(LOG.name, "another.example")
    assert asked(0, 5, text=other).status == 404
    false = str(
        signed(Checkpoint(LOG.name, 5, hashlib.sha256(b"").digest()).text, WITNESSES[0], sign(LOG))
    )
    assert asked(0, 5, text=false).status == 403


def test_signatures_of_strangers_are_passed_over():
    note = read_note(checkpoint(5))
    assert signers(note, (LOG,), checks) == [LOG]
    assert signers(note, (), checks) == []
