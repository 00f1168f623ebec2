"""The journal as a log that others follow: checkpoints, tiles, proofs, witnesses, forks."""

from __future__ import annotations

import threading

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from xiangyun.adapters.witnesses import FolderWitness, HttpWitness
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions, checkpoints
from xiangyun.domain.journal.algorithms import note_holds
from xiangyun.domain.journal.models import Cosignature
from xiangyun.faces.cli.verify import verify
from xiangyun.faces.cli.witness import serving, witness
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.ledger import leaf_hash
from xiangyun.kernel.ledger.note import (
    Checkpoint,
    Policy,
    read_note,
    signed,
    trusted_checkpoint,
)
from xiangyun.kernel.ledger.tlog import Proof, check_proof, read_proof, read_tile

NOW = 1_800_000_000


@pytest.fixture
def sealed(record, signer, db):
    """Seven entries under two heads, and the ids of the entries."""
    with acting_as(SYSTEM):
        ids = [record().pk for _ in range(4)]
        actions.seal(timezone.now(), signer)
        ids += [record().pk for _ in range(3)]
        actions.seal(timezone.now(), signer)
    return ids


@pytest.fixture
def policy(signer):
    return Policy(checkpoints.origin(), (checkpoints.log_key(signer),))


@pytest.fixture
def neighbour(tmp_path, signer):
    found = FolderWitness(tmp_path / "neighbour", "witness.example")
    found.watch(checkpoints.log_key(signer))
    return found


class Near:
    """A witness in this process, as the journal sees one."""

    def __init__(self, of: FolderWitness) -> None:
        self.of = of
        self.key = of.key

    def add_checkpoint(self, body: str) -> tuple[int, str]:
        return self.of.add(body, NOW)


def fetch(path):
    if path == "checkpoint":
        return str(checkpoints.published(fetch.signer).note).encode()
    return checkpoints.tile(read_tile(path))


@pytest.fixture
def log(sealed, signer):
    fetch.signer = signer
    return fetch


def test_a_checkpoint_says_what_the_head_says(sealed, signer, policy):
    found = checkpoints.published(signer)
    checkpoint = trusted_checkpoint(str(found.note), policy, note_holds)
    assert (checkpoint.size, checkpoint.root) == (7, bytes(found.head.root))


def test_a_proof_is_checked_without_us(sealed, signer, policy):
    with acting_as(SYSTEM):
        proof = checkpoints.proof_of(sealed[2], signer)
    again = read_proof(str(proof))
    assert check_proof(again, leaf_hash(again.extra), policy, note_holds).size == 7
    moved = Proof(again.index + 1, again.path, again.checkpoint, again.extra)
    with pytest.raises(Refused):
        check_proof(moved, leaf_hash(again.extra), policy, note_holds)


def test_a_proof_is_for_whoever_may_read_the_entry(sealed, signer):
    assert checkpoints.proof_of(sealed[0], signer) is None
    with acting_as(SYSTEM):
        assert checkpoints.proof_of(0, signer) is None


def test_witnesses_sign_and_a_policy_counts_them(sealed, signer, policy, record, tmp_path):
    key = checkpoints.log_key(signer)
    known = []
    for number in range(3):
        one = FolderWitness(tmp_path / str(number), f"w{number}.example")
        one.watch(key)
        known.append(one)
    two_of_three = Policy(policy.origin, policy.keys, tuple(one.key for one in known), 2)
    for one in known[:2]:
        note = str(checkpoints.published(signer).note)
        with pytest.raises(Refused, match=r"ledger\.E007"):
            trusted_checkpoint(note, two_of_three, note_holds)
        assert checkpoints.ask(Near(one), signer, timezone.now())
    note = str(checkpoints.published(signer).note)
    assert trusted_checkpoint(note, two_of_three, note_holds).size == 7
    assert not checkpoints.ask(Near(known[0]), signer, timezone.now())
    assert Cosignature.objects.count() == 2
    # A proof of later names that head still; whoever has it sets the policy on the command line.
    with acting_as(SYSTEM):
        record()
        actions.seal(timezone.now(), signer)
        proof = checkpoints.proof_of(sealed[2], signer)
    file = tmp_path / "2.tlog-proof"
    file.write_text(str(proof))
    (tmp_path / "public.pem").write_text(signer.public_key_pem)

    def ends(*more):
        keys = [part for one in known for part in ("--witness", str(one.key))]
        asked = [file, "--key", tmp_path / "public.pem", "--offline", *keys, *more]
        return CliRunner().invoke(verify, list(map(str, asked))).exit_code

    assert [ends("--of", "2"), ends("--of", "3"), ends()] == [0, 2, 2]
    file.write_text(str(proof).replace("index 2", "index 3"))
    assert ends("--of", "2") == 1


def test_a_witness_that_saw_an_earlier_tree_is_given_the_proof(log, neighbour, signer, record):
    neighbour.follow(checkpoints.log_key(signer), log, NOW)  # what it saw it says itself
    with acting_as(SYSTEM):
        record()
        actions.seal(timezone.now(), signer)
    assert checkpoints.ask(Near(neighbour), signer, timezone.now())
    assert Cosignature.objects.get().size == 8


def test_a_witness_finds_a_forked_log(log, neighbour, signer, caplog):
    checkpoint, note = neighbour.follow(checkpoints.log_key(signer), log, NOW)
    assert checkpoint.size == 7
    assert "witness.example" in note
    # The same platform shows another history of the same length, signed by its own key.
    forked = Checkpoint(checkpoint.origin, 7, leaf_hash(b"another history"))
    text = str(signed(forked.text, checkpoints.log_key(signer), signer.sign))
    assert neighbour.add(f"old 7\n\n{text}", NOW)[0] == 409
    assert neighbour.add(f"old 0\n\n{text}", NOW) == (409, "7\n")
    longer = Checkpoint(checkpoint.origin, 9, leaf_hash(b"another history"))
    text = str(signed(longer.text, checkpoints.log_key(signer), signer.sign))
    assert neighbour.add(f"old 7\n\n{text}", NOW)[0] == 422

    def shows_another(path):
        return text.encode() if path == "checkpoint" else bytes(32 * 9)

    with pytest.raises(Refused, match=r"ledger\.E0(08|10)"):
        neighbour.follow(checkpoints.log_key(signer), shows_another, NOW)


def test_a_log_that_became_shorter_is_a_split_view(log, neighbour, signer):
    checkpoint, _ = neighbour.follow(checkpoints.log_key(signer), log, NOW)
    shorter = Checkpoint(checkpoint.origin, 1, leaf_hash(b"x"))
    text = str(signed(shorter.text, checkpoints.log_key(signer), signer.sign))

    def shows_less(path):
        return text.encode() if path == "checkpoint" else leaf_hash(b"x")

    with pytest.raises(Refused, match=r"ledger\.E008"):
        neighbour.follow(checkpoints.log_key(signer), shows_less, NOW)


def test_a_witness_answers_over_http(sealed, neighbour, signer):
    server = serving(neighbour, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        there = HttpWitness(neighbour.key, f"http://127.0.0.1:{server.server_port}")
        assert checkpoints.ask(there, signer, timezone.now())
        assert there.add_checkpoint("nonsense")[0] == 400
    finally:
        server.shutdown()
        server.server_close()
    assert there.add_checkpoint("x") == (0, "")


def test_others_read_the_log_at_its_addresses(sealed, db, settings):
    client = Client()
    found = client.get("/log/tile/0/000.p/7")
    assert (found.status_code, len(found.content)) == (200, 7 * 32)
    for path in ("/log/tile/0/000.p/8", "/log/tile/0/001", "/log/tile/entries/000.p/7"):
        assert client.get(path).status_code == 404
    note = client.get("/log/checkpoint")
    assert read_note(note.content.decode()).text.startswith(f"{checkpoints.origin()}\n7\n")
    assert client.get("/log/key").content.decode().startswith(checkpoints.origin())


def test_the_command_makes_a_witness_and_follows_a_folder(log, signer, tmp_path):
    def run(*arguments):
        return CliRunner().invoke(witness, [str(each) for each in arguments])

    made = run("init", tmp_path / "w", "--name", "w.example")
    assert made.output.startswith("w.example+")
    copy = tmp_path / "copy"
    for path in ("checkpoint", "tile/0/000.p/7"):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(log(path))
    key = str(checkpoints.log_key(signer))
    assert run("watch", tmp_path / "w", key).exit_code == 0
    followed = run("follow", tmp_path / "w", key, copy)
    assert followed.exit_code == 0
    assert "— w.example " in followed.output
    changed = bytearray((copy / "tile/0/000.p/7").read_bytes())
    changed[0] ^= 1
    (copy / "tile/0/000.p/7").write_bytes(bytes(changed))
    assert run("follow", tmp_path / "w", key, copy).exit_code == 1
