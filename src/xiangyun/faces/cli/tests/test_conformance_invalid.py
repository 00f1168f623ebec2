"""Invalid files of our own making, in the layouts of the public suites: each is refused.

What a suite keeps back is of these layouts: trees, receipts, lists, signatures, credentials.
"""

import base64
import copy
import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xiangyun.faces.cli.conformance_certificates import run_certificates
from xiangyun.faces.cli.conformance_log import run_log
from xiangyun.kernel.credential import integrity, statuslist, vcdm
from xiangyun.kernel.credential.encodings import from_base64url, to_base58, to_base64url
from xiangyun.kernel.ledger import consistency_proof, inclusion_proof, leaf_hash, root_hash
from xiangyun.kernel.ledger.note import COSIGNATURE, ED25519, Checkpoint, NoteKey, cosigned, signed
from xiangyun.kernel.ledger.tlog import Proof

ROOT = Path(__file__).parents[5]
SUITES = Path(os.environ.get("XIANGYUN_SHARED", ROOT.parent / "shared")) / "suites"
needs_suites = pytest.mark.skipif(
    not SUITES.is_dir(),
    reason=f"the suites are not at {SUITES}; set XIANGYUN_SHARED to the folder that holds them",
)
ENTRIES = [f"entry {number}".encode() for number in range(13)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
FORKED = [*LEAVES[:6], *(leaf_hash(b"another") for _ in LEAVES[6:])]


def outcome(score):
    return (score.total, [str(each) for each in score.failures])


def b64(data):
    return base64.b64encode(data).decode()


def flipped(data, bit=0):
    return data[: bit // 8] + bytes([data[bit // 8] ^ (1 << bit % 8)]) + data[bit // 8 + 1 :]


# Trees


def inclusion(index, size):
    return {
        "leafIdx": index,
        "treeSize": size,
        "root": b64(root_hash(LEAVES[:size])),
        "leafHash": b64(LEAVES[index]),
        "proof": [b64(each) for each in inclusion_proof(LEAVES[:size], index)],
        "wantErr": False,
    }


def wrong_inclusions(good):
    index, size, proof = good["leafIdx"], good["treeSize"], good["proof"]
    root, leaf = (base64.b64decode(good[name]) for name in ("root", "leafHash"))
    yield {"leafIdx": size}
    yield {"leafIdx": -1}
    yield {"leafIdx": index ^ 1}
    yield {"leafIdx": True}
    yield {"treeSize": 0}
    yield {"treeSize": index}
    yield {"treeSize": size * 2}
    yield {"treeSize": 1 << 64}
    yield {"root": b64(root_hash(FORKED))}
    yield {"root": ""}
    yield {"root": b64(root[:-1])}
    yield {"root": good["leafHash"]}
    yield {"root": "no base64!"}
    yield {"proof": None}
    yield {"proof": proof[1:]}
    yield {"proof": proof[:-1]}
    yield {"proof": [*proof, good["root"]]}
    yield {"proof": [good["leafHash"], *proof]}
    if len(proof) > 1:
        yield {"proof": proof[::-1]}
    yield {"proof": [*proof[:-1], b64(base64.b64decode(proof[-1])[:31])]}
    for bit in (0, 100, 255):
        yield {"root": b64(flipped(root, bit))}
        yield {"leafHash": b64(flipped(leaf, bit))}
        for at in range(len(proof)):
            changed = list(proof)
            changed[at] = b64(flipped(base64.b64decode(proof[at]), bit))
            yield {"proof": changed}


def consistency(first, second):
    return {
        "size1": first,
        "size2": second,
        "root1": b64(root_hash(LEAVES[:first])),
        "root2": b64(root_hash(LEAVES[:second])),
        "proof": [b64(each) for each in consistency_proof(LEAVES[:second], first)],
        "wantErr": False,
    }


def wrong_consistencies(good):
    first, second, proof = good["size1"], good["size2"], good["proof"]
    yield {"size1": second, "size2": first}
    yield {"size1": first - 1}
    yield {"size1": first + 1}
    yield {"size2": second * 2}
    yield {"size2": first}
    yield {"size2": -1}
    yield {"root1": good["root2"], "root2": good["root1"]}
    yield {"root1": good["root2"]}
    yield {"root2": good["root1"]}
    # A log that forked after what was seen first: its own proof does not help it.
    own = [b64(each) for each in consistency_proof(FORKED[:second], first)]
    yield {"root2": b64(root_hash(FORKED[:second]))}
    yield {"root2": b64(root_hash(FORKED[:second])), "proof": own}
    yield {"proof": None}
    yield {"proof": proof[1:]}
    yield {"proof": proof[:-1]}
    yield {"proof": [*proof, good["root2"]]}
    yield {"proof": [good["root1"], *proof]}
    for bit in (0, 100, 255):
        for name in ("root1", "root2"):
            yield {name: b64(flipped(base64.b64decode(good[name]), bit))}
        for at in range(len(proof)):
            changed = list(proof)
            changed[at] = b64(flipped(base64.b64decode(proof[at]), bit))
            yield {"proof": changed}


def test_every_wrong_proof_of_a_tree_fails_and_every_right_one_holds(tmp_path):
    written = 0
    for make, wrongs, sizes in (
        (inclusion, wrong_inclusions, [(0, 2), (5, 8), (12, 13), (3, 7)]),
        (consistency, wrong_consistencies, [(7, 8), (7, 13), (9, 12)]),
    ):
        for pair in sizes:
            good = make(*pair)
            cases = [good, *({**good, **wrong, "wantErr": True} for wrong in wrongs(good))]
            for number, case in enumerate(cases):
                name = f"{make.__name__}-{pair[0]}-{pair[1]}-{number}.json"
                (tmp_path / name).write_text(json.dumps(case))
                written += 1
    assert written > 200
    assert outcome(run_log(tmp_path)) == (written, [])


# Receipts

KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(1, 6)]
LOG, *WITNESSES = (
    NoteKey(name, kind, key.public_key().public_bytes_raw())
    for name, kind, key in zip(
        ("log.example/journal", "w1.example", "w2.example", "w3.example", "log.example/other"),
        (ED25519, COSIGNATURE, COSIGNATURE, COSIGNATURE, ED25519),
        KEYS,
        strict=True,
    )
)
OTHER = WITNESSES.pop()


def receipt(index=5, leaves=LEAVES, by=LOG, witnesses=(0, 1), origin=None):
    text = Checkpoint(origin or LOG.name, len(leaves), root_hash(leaves)).text
    signer = KEYS[0] if by is LOG else KEYS[4]
    note = str(signed(text, by, signer.sign))
    for number in witnesses:
        key = WITNESSES[number]
        note += str(cosigned(text, key, 99, KEYS[1 + number].sign))
    return str(Proof(index, tuple(inclusion_proof(leaves, index)), note))


def test_every_wrong_receipt_is_refused_with_its_reason(tmp_path):
    good = receipt()
    cases = {
        "good": good,
        "other-witnesses": receipt(witnesses=(0, 2)),
        "one-witness-fail-E007": receipt(witnesses=(0,)),
        "one-witness-twice-fail-E003": receipt(witnesses=(0, 0)),
        "wrong-signer-E003": receipt(by=OTHER),
        "other-log-fail-E009": receipt(origin=OTHER.name),
        "other-entry-fail-E006": receipt(index=6),
        "forked-log-fail-E006": good.replace(
            good.split("\n\n")[0], receipt(leaves=FORKED).split("\n\n")[0]
        ),
        "wrong-index-E006": good.replace("index 5\n", "index 4\n"),
        "index-outside-fail-E006": good.replace("index 5\n", "index 13\n"),
        "no-index-fail-E005": good.replace("index 5\n", ""),
        "index-with-zero-fail-E005": good.replace("index 5\n", "index 05\n"),
        "wrong-size-E003": good.replace("\n13\n", "\n12\n"),
        "no-checkpoint-fail-E005": good.split("\n\n")[0],
        "another-version-fail-E005": good.replace("@v1", "@v9"),
        "no-signature-fail-E002": good[: good.index("—")],
    }
    policy = {"log": str(LOG), "witnesses": [str(each) for each in WITNESSES], "quorum": 2}
    (tmp_path / "policy.json").write_text(json.dumps(policy))
    for name, text in cases.items():
        (tmp_path / f"{name}.tlog-proof").write_text(text)
        (tmp_path / f"{name}.leaf").write_bytes(ENTRIES[5])
    (tmp_path / "flipped-leaf-fail-E006.tlog-proof").write_text(good)
    (tmp_path / "flipped-leaf-fail-E006.leaf").write_bytes(flipped(ENTRIES[5], 11))
    assert outcome(run_log(tmp_path)) == (len(cases) + 1, [])


# Status lists

CLAIMS = {
    "sub": "https://gov.example/statuslists/1",
    "iat": 1_700_000_000,
    "exp": 1_800_000_000,
    "ttl": 43200,
    "status_list": statuslist.to_claim(statuslist.packed({1: 1, 5: 1}, 16, 1)),
}
PACKED = from_base64url(CLAIMS["status_list"]["lst"])


def token(header=None, **claims):
    parts = {"alg": "ES256", "typ": "statuslist+jwt", "kid": "1"} | (header or {}), CLAIMS | claims
    return ".".join(
        [*(to_base64url(json.dumps(part).encode()) for part in parts), to_base64url(bytes(64))]
    )


def packed_list(bits=1, **other):
    return {"status_list": {**CLAIMS["status_list"], "bits": bits, **other}}


def example(before="", **other):
    return before + json.dumps({**CLAIMS["status_list"], **other})


def test_every_wrong_status_list_is_refused_with_its_reason(tmp_path):
    lst = CLAIMS["status_list"]["lst"]
    cases = {
        "jwt_raw": token(),
        "jwt_raw-type-fail-E004": token({"typ": "JWT"}),
        "jwt_raw-none-fail-E003": token({"alg": "none"}),
        "jwt_raw-crit-fail-E005": token({"crit": ["x"]}),
        "jwt_raw-cut-fail-E001": token().rpartition(".")[0],
        "jwt_raw-bits-fail-E035": token(**packed_list(3)),
        "jwt_raw-bits_true-fail-E035": token(**packed_list(True)),
        "jwt_raw-not_packed-fail-E035": token(**packed_list(lst=to_base64url(b"\x22\x00"))),
        "jwt_raw-flipped-fail-E035": token(**packed_list(lst=lst[:-1] + "A")),
        "jwt_raw-cut_list-fail-E035": token(**packed_list(lst=to_base64url(PACKED[:-4]))),
        "jwt_raw-padded-fail-E001": token(**packed_list(lst=lst + "=")),
        "jwt_raw-no_list-fail-E035": token(status_list=None),
        "jwt_raw-no_time-fail-E024": token(iat=None),
        "jwt_raw-time_as_text-fail-E024": token(iat="now"),
        "jwt_raw-ends_as_text-fail-E024": token(exp="later"),
        "jwt_raw-old-fail-E034": token(exp=1_600_000_000),
        "jwt_raw-ttl-fail-E024": token(ttl=-1),
        "jwt_raw-ttl_as_text-fail-E024": token(ttl="1 day"),
        "jwt_raw-no_address-fail-E031": token(sub=None),
    }
    for name, text in cases.items():
        (tmp_path / f"status_list_{name}.md").write_text(text)
    cases |= {
        "encoding_json": example("byte_array = [0x22, 0x0]\nstatus[5] = 1\nencoded:\n"),
        "encoding_bits-fail-E035": example(bits=7),
        "encoding_index-fail-E033": example("status[16] = 0\n"),
    }
    for name, text in cases.items():
        (tmp_path / f"status_list_{name}.md").write_text(text)
    total, failures = outcome(run_certificates(tmp_path))
    assert failures == []
    assert total == len(cases) + 4  # two examples: bytes, how they are written, and a status


def test_a_wrong_byte_or_status_of_an_example_is_counted(tmp_path):
    text = example("byte_array = [0x23, 0x0]\nstatus[1] = 0\n")
    (tmp_path / "status_list_encoding_json.md").write_text(text)
    assert len(run_certificates(tmp_path).failures) == 2


# The data model

WRONG_URLS = (None, 5, "", "no url", "https:///nowhere", ["https://a.example"], {})
TYPED = ("credentialStatus", "credentialSchema", "evidence", "termsOfUse", "refreshService")
WRONG_OBJECTS = (None, 5, "did:example:x", [], {}, {"id": "did:example:x"}, [{"type": []}])
WRONG_TEXTS = (
    5,
    None,
    [],
    {"@language": "en"},
    {"@value": 5},
    {"@value": "a", "@language": 5},
    {"@value": "a", "@language": "no language"},
    {"@value": "a", "@direction": "up"},
    {"@value": "a", "@language": "en", "extra": "b"},
    [{"@value": "a"}, {"@value": "b", "extra": "c"}],
)
WRONG_DATES = (None, 5, "", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", [], "now")
WRONG_CONTEXTS = (
    None,
    [],
    {},
    5,
    "https://www.w3.org/2018/credentials/v1",
    ["https://www.w3.org/ns/credentials/examples/v2"],
    ["https://www.w3.org/ns/credentials/examples/v2", vcdm.BASE],
    [{"A": "https://a.example/#A"}, vcdm.BASE],
    [vcdm.BASE, 5],
    [vcdm.BASE, None],
    [vcdm.BASE, {"VerifiableCredential": "https://bad.example/"}],
    [vcdm.BASE, {"VerifiablePresentation": "https://bad.example/"}],
    [vcdm.BASE, {"type": "https://bad.example/"}],
)
RELATED = {
    "id": "https://a.example/x",
    "digestSRI": "sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=",
}


def wrong_credentials(good):
    for value in WRONG_CONTEXTS:
        yield {"@context": value}
    for value in (None, [], {}, 5, "Other", ["Other"], ["VerifiableCredential", "Unknown word"]):
        yield {"type": value}
    yield {"type": ["VerifiableCredential", None]}
    for value in WRONG_URLS:
        yield {"id": value}
        yield {"issuer": value if value != {} else {"name": "a", "id": ""}}
        yield {"issuer": {"id": value}}
        yield {"credentialSubject": {"id": value, "a": "b"}}
        for name in TYPED:
            yield {name: {"id": value, "type": "DataIntegrityProof"}}
    yield {"issuer": ["https://a.example", "https://b.example"]}
    for value in (None, 5, "did:example:x", [], {}, [{}], [{"a": 1}, {}], [None]):
        yield {"credentialSubject": value}
    for name in TYPED:
        for value in WRONG_OBJECTS:
            yield {name: value}
        yield {name: [{"id": "did:example:x", "type": "DataIntegrityProof"}, {}]}
    yield {"credentialSchema": {"type": "JsonSchema"}}
    for value in WRONG_TEXTS:
        for name in ("name", "description"):
            yield {name: value}
            yield {"issuer": {"id": "did:example:a", name: value}}
    for value in WRONG_DATES:
        yield {"validFrom": value}
        yield {"validUntil": value}
    yield {"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"}
    for value in (None, "https://a.example", [], ["https://a.example"], {}, [RELATED, RELATED]):
        yield {"relatedResource": value}
    for name in RELATED:
        yield {"relatedResource": {name: RELATED[name]}}
    yield {"relatedResource": {**RELATED, "digestSRI": "md5-AAAA"}}
    for value in (None, 5, "z", [], {}, {"proofValue": "z"}, [{}]):
        yield {"proof": value}


def wrong_presentations(good):
    for value in WRONG_CONTEXTS:
        yield {"@context": value}
    for value in (None, [], {}, 5, "Other", ["VerifiableCredential"]):
        yield {"type": value}
    for value in WRONG_URLS:
        yield {"id": value}
        yield {"holder": value}
        yield {"holder": {"id": value}}
    envelope = {
        "@context": vcdm.BASE,
        "id": "data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.AA",
        "type": "EnvelopedVerifiableCredential",
    }
    for value in (None, 5, "did:example:x", "eyJhbGciOiJFUzI1NiJ9.e30.AA", [], {}, [None], [{}]):
        yield {"verifiableCredential": value}
    for name, value in (
        ("@context", None),
        ("@context", []),
        ("@context", "https://www.w3.org/2018/credentials/v1"),
        ("id", None),
        ("id", ""),
        ("id", "eyJhbGciOiJFUzI1NiJ9.e30.AA"),
        ("id", "https://a.example/x"),
        ("id", "data:application/vc+jwt"),
        ("type", None),
        ("type", "VerifiableCredential"),
        ("type", []),
    ):
        yield {"verifiableCredential": [{**envelope, name: value}]}
        yield {"verifiableCredential": [envelope, {k: v for k, v in envelope.items() if k != name}]}
    for value in (None, 5, "z", [], {}, {"proofValue": "z"}):
        yield {"proof": value}


@needs_suites
@pytest.mark.parametrize(
    ("name", "wrongs", "at_least"),
    [
        ("credential-ok", wrong_credentials, 200),
        ("presentation-vc-ok", wrong_presentations, 80),
    ],
)
def test_every_rule_of_the_data_model_broken_in_a_file_is_refused(tmp_path, name, wrongs, at_least):
    folder = SUITES / "vc-data-model-2.0"
    beside = folder / f"{name}.json"
    good = json.loads(
        (beside if beside.exists() else folder / "credential-status-ok.json").read_text()
    )
    kind = name.partition("-")[0]
    (tmp_path / f"{kind}-ok.json").write_text(json.dumps(good))
    written = 1
    changes = [*wrongs(good), *({name: ...} for name in ("@context", "type") if name in good)]
    for change in changes:
        bad = {**copy.deepcopy(good), **change}
        bad = {member: value for member, value in bad.items() if value is not ...}
        (tmp_path / f"{kind}-{written}-fail.json").write_text(json.dumps(bad))
        written += 1
    text = json.dumps(good)
    for broken in (
        text[:-1],
        text + "}",
        text.replace("{", '{"type": "a", "type": "b",', 1),
        "[]",
        "5",
    ):
        (tmp_path / f"{kind}-{written}-fail.json").write_text(broken)
        written += 1
    assert written >= at_least
    assert outcome(run_certificates(tmp_path)) == (written, [])


# eddsa-jcs-2022 and SM2


@needs_suites
def test_every_spoilt_signature_of_the_suites_is_refused(tmp_path):
    pair = json.loads((SUITES / "vc-di-eddsa/keyPair.json").read_text())
    (tmp_path / "keyPair.json").write_text(json.dumps(pair))
    signed_ = json.loads((SUITES / "vc-di-eddsa/eddsa-jcs-2022/signedJCS.json").read_text())
    proof = signed_["proof"]
    value = integrity.from_multibase(proof["proofValue"])
    wrong = {
        "flipped-fail-E006": {"proofValue": "z" + to_base58(flipped(value, 77))},
        "cut-fail-E040": {"proofValue": "z" + to_base58(value[:-1])},
        "no-value-fail-E040": {"proofValue": None},
        "other-base-fail-E040": {"proofValue": "u" + to_base64url(value)},
        "other-suite-fail-E041": {"cryptosuite": "eddsa-rdfc-2022"},
        "other-type-fail-E041": {"type": "Ed25519Signature2020"},
        "other-purpose-fail-E042": {"proofPurpose": "authentication"},
        "other-key-fail-E043": {"verificationMethod": "did:key:z6MkOther#z6MkOther"},
        "other-time-fail-E006": {"created": "2020-01-01T00:00:00Z"},
        "no-time-fail-E055": {"created": "yesterday"},
        "other-context-fail-E044": {"@context": ["https://other.example"]},
    }
    for name, change in wrong.items():
        (tmp_path / f"signed-{name}.json").write_text(
            json.dumps({**signed_, "proof": {**proof, **change}})
        )
    for name in ("credentialSubject", "validFrom", "issuer", "type"):
        changed = copy.deepcopy(signed_)
        changed[name] = (
            {"id": "did:example:other"} if name == "credentialSubject" else "did:example:x"
        )
        (tmp_path / f"signed-{name}-fail.json").write_text(json.dumps(changed))
    cases = json.loads((SUITES / "sm2/openssl-sm2.json").read_text())
    spoilt = {**cases, "verify": [], "decrypt": []}
    for case in cases["verify"]:
        digest, signature = bytes.fromhex(case["e"]), bytes.fromhex(case["sig_der"])
        spoilt["verify"] += [
            {"e": flipped(digest, bit).hex(), "sig_der": case["sig_der"], "valid": False}
            for bit in (0, 255)
        ]
        spoilt["verify"] += [
            {"e": case["e"], "sig_der": flipped(signature, bit).hex(), "valid": False}
            for bit in range(0, len(signature) * 8, 37)
        ]
        spoilt["verify"].append({"e": case["e"], "sig_der": "", "valid": False})
    for case in cases["decrypt"]:
        data = bytes.fromhex(case["input_der"])
        spoilt["decrypt"] += [
            {**case, "input_der": flipped(data, bit).hex(), "valid": False}
            for bit in range(0, len(data) * 8, 37)
        ]
    (tmp_path / "sm2.json").write_text(json.dumps(spoilt))
    score = run_certificates(tmp_path)
    assert [str(each) for each in score.failures] == []
    assert score.total == len(wrong) + 4 + len(spoilt["verify"]) + len(spoilt["decrypt"]) + 2
