"""A draw is fixed before it is known, exact, and repeated from its record alone."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from xiangyun.kernel.draw import (
    FRAME,
    INSPECTORS,
    RESULT,
    Inspector,
    committed,
    read_frame,
    read_inspectors,
    read_order,
    repeat,
    write_frame,
    write_inspectors,
)
from xiangyun.kernel.draw.beacon import CannotCheck, Round
from xiangyun.kernel.draw.order import read_take
from xiangyun.kernel.draw.selection import select
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.ledger import consistency_proof, root_hash
from xiangyun.kernel.ledger.tree import leaf_hash

from .drawing import SECRET, frame_of, lines_of, people_of, record_of


class NoBeacons:
    """A place where nothing can be checked."""

    def is_genuine(self, round):
        raise CannotCheck(Text("没有库。", "no library"))

    def is_signed(self, head):
        raise CannotCheck(Text("没有公钥。", "no key"))


class Trusting:
    def is_genuine(self, round):
        return round.signature == "aa"

    def is_signed(self, head):
        return head["signature"] == "good"


def answer(record, files, beacons=None):
    return repeat(record, files, beacons or NoBeacons()).answer


def test_a_published_draw_comes_out_the_same():
    record, files = record_of()
    found = repeat(record, files, NoBeacons())
    assert found.answer == "valid"
    assert found.result == files[RESULT]


def test_a_record_that_went_through_json_comes_out_the_same():
    record, files = record_of()
    assert answer(json.loads(json.dumps(record)), files) == "valid"


@pytest.mark.parametrize("file", [FRAME, INSPECTORS, RESULT])
def test_a_list_that_was_changed_is_found(file):
    record, files = record_of()
    changed = (
        files[file].replace(b"P001", b"P999") if file != FRAME else files[file] + b"Z,A,1,1,,\n"
    )
    assert changed != files[file]
    assert answer(record, {**files, file: changed}) == "altered"
    assert answer(record, {k: v for k, v in files.items() if k != file}) in ("altered", "valid")


def test_a_frame_without_one_object_is_found_though_the_outcome_is_the_same():
    record, files = record_of()
    undrawn = {line["object"] for line in lines_of(files)}
    lines = files[FRAME].decode().splitlines(keepends=True)
    gone = next(each for each in lines[1:] if each.split(",")[0] not in undrawn)
    changed = files[FRAME].replace(gone.encode(), b"")
    found = repeat(record, {**files, FRAME: changed}, NoBeacons())
    assert found.answer == "altered"
    assert "after the order" in str(found.steps[0].text.en)


def test_an_order_that_was_changed_after_it_was_published_is_found():
    record, files = record_of()
    order = {**record["order"], "strata": [{"stratum": "D", "take": "31%"}]}
    assert answer({**record, "order": order}, files) == "altered"


def test_another_secret_than_the_one_committed_to_is_found():
    record, files = record_of()
    reveal = {**record["reveal"], "secret": "ab" * 32}
    assert answer({**record, "reveal": reveal}, files) == "altered"
    short = {**record["reveal"], "secret": "ab"}
    assert answer({**record, "reveal": short}, files) == "altered"


def test_another_value_of_the_beacon_gives_another_outcome():
    record, files = record_of()
    reveal = {"secret": SECRET, "beacon": {"value": "4 8 15"}}
    assert answer({**record, "reveal": reveal}, files) == "altered"


def test_before_it_is_revealed_a_draw_is_only_known_to_be_frozen():
    record, files = record_of()
    del record["reveal"]
    assert answer(record, files) == "not yet revealed"


def test_a_round_that_cannot_be_checked_here_is_not_taken_for_genuine():
    named = {"kind": "drand", "scheme": "bls-unchained-g1-rfc9380", "public_key": "ab", "round": 7}
    record, files = record_of(beacon=named)
    for given, said in (({"round": 7, "signature": "aa"}, "unproven"), ({"round": 8}, "altered")):
        reveal = {"secret": SECRET, "beacon": given}
        # The outcome of this seed is another one: only the steps up to the beacon count here.
        steps = repeat({**record, "reveal": reveal}, files, NoBeacons()).steps
        assert steps[-1 if said == "altered" else 4].passed is (
            None if said == "unproven" else False
        )
    forged = {"secret": SECRET, "beacon": {"round": 7, "signature": "bb"}}
    assert answer({**record, "reveal": forged}, files, Trusting()) == "altered"


def test_randomness_that_is_not_that_of_the_signature_is_refused():
    named = {"kind": "drand", "scheme": "bls-unchained-g1-rfc9380", "public_key": "ab", "round": 7}
    record, files = record_of(beacon=named)
    given = {"round": 7, "signature": "aa", "randomness": "00" * 32}
    reveal = {"secret": SECRET, "beacon": given}
    assert answer({**record, "reveal": reveal}, files, Trusting()) == "altered"


def journal(size, later):
    leaves = [leaf_hash(bytes([each])) for each in range(later)]
    return {
        "size": size,
        "root": root_hash(leaves[:size]).hex(),
        "head": {"size": later, "root": root_hash(leaves).hex(), "signature": "good"},
        "proof": [each.hex() for each in consistency_proof(leaves, size)],
    }


def beacon_step(given, beacons):
    record, files = record_of(beacon={"kind": "journal", "size": 5})
    steps = repeat({**record, "reveal": {"secret": SECRET, "beacon": given}}, files, beacons).steps
    return steps[4].passed


def test_a_head_of_the_journal_is_proved_by_a_later_signed_head():
    good = journal(5, 13)
    assert beacon_step(good, Trusting()) is True
    assert beacon_step(journal(5, 5), Trusting()) is True
    assert beacon_step(good, NoBeacons()) is None
    assert beacon_step({**good, "head": {**good["head"], "signature": "x"}}, Trusting()) is False
    assert beacon_step({**good, "root": "00" * 32}, Trusting()) is False
    assert beacon_step({**good, "proof": []}, Trusting()) is False
    assert beacon_step(journal(6, 13), Trusting()) is False


def test_an_object_over_its_yearly_cap_is_shown_as_skipped_and_another_one_drawn():
    rows = [(f"C{at}", "D", "2201", 1, at % 3, 2) for at in range(30)]
    _, files = record_of(rows, strata=[{"stratum": "D", "take": "12"}])
    lines = lines_of(files)
    over = {row[0] for row in rows if row[4] >= 2}
    assert {line["object"] for line in lines if line["state"] == "skipped"} <= over
    assert not {line["object"] for line in lines if line["state"] == "drawn"} & over
    assert sum(line["state"] == "drawn" for line in lines) == 12
    skipped = [line for line in lines if line["state"] == "skipped"]
    assert skipped
    assert all(line["number"] and not line["inspectors"] for line in skipped)
    assert [int(line["number"]) for line in lines] == list(range(1, len(lines) + 1))


def test_where_all_are_over_their_cap_nobody_is_drawn_and_all_are_shown():
    rows = [(f"C{at}", "D", "2201", at + 1, 1, 1) for at in range(9)]
    _, files = record_of(rows, strata=[{"stratum": "D", "take": "50%"}])
    assert [line["state"] for line in lines_of(files)] == ["skipped"] * 9


def test_whoever_is_recused_is_struck_and_another_one_drawn():
    rows = [(f"C{at}", "D", "2201", 1, 0, None) for at in range(10)]
    bound = frozenset(row[0] for row in rows)
    people = [
        Inspector(f"P{at}", "market", "22", 99, bound if at < 5 else frozenset()) for at in range(9)
    ]
    teams = [{"team": "market", "inspectors": 2}]
    record, files = record_of(rows, people, teams=teams, strata=[{"stratum": "D", "take": "10"}])
    for line in lines_of(files):
        assert {each.split("/")[1] for each in line["inspectors"].split()} <= {
            "P5",
            "P6",
            "P7",
            "P8",
        }
        assert len(line["inspectors"].split()) == 2
    assert any(line["struck"] for line in lines_of(files))
    assert answer(record, files) == "valid"


def test_a_recusal_after_the_draw_strikes_one_and_changes_no_other_visit():
    before, files = record_of()
    line = next(each for each in lines_of(files) if len(each["inspectors"].split()) == 3)
    one = line["inspectors"].split()[0].split("/")[1]
    record, after = record_of(recusals=[(line["object"], one)])
    assert answer(record, after) == "valid"
    assert before["digest"] == record["digest"]
    changed = [
        (old, new) for old, new in zip(lines_of(files), lines_of(after), strict=True) if old != new
    ]
    assert [old["object"] for old, _ in changed] == [line["object"]]
    ((_, new),) = changed
    assert f"market/{one}" in new["struck"].split() or f"fire/{one}" in new["struck"].split()


def test_a_joint_draw_sends_each_department_on_one_visit():
    _, files = record_of()
    whole = [line for line in lines_of(files) if line["state"] == "drawn" and not line["short"]]
    assert whole
    for line in whole:
        teams = Counter(each.split("/")[0] for each in line["inspectors"].split())
        assert teams == {"market": 2, "fire": 1}


def test_nobody_visits_more_than_allowed_and_who_is_lacking_is_said():
    rows = [(f"C{at}", "D", "2201", 1, 0, None) for at in range(10)]
    people = [Inspector(f"P{at}", "market", "22", 3, frozenset()) for at in range(4)]
    teams = [{"team": "market", "inspectors": 2}]
    _, files = record_of(rows, people, teams=teams, strata=[{"stratum": "D", "take": "10"}])
    lines = lines_of(files)
    visits = Counter(each for line in lines for each in line["inspectors"].split())
    assert max(visits.values()) == 3
    assert sum(visits.values()) == 12
    short = [line for line in lines if len(line["inspectors"].split()) < 2]
    assert short
    assert all(line["short"] == "market" for line in short)


def test_inspectors_go_only_where_they_work():
    rows = [(f"C{at}", "D", ("220101", "222404")[at % 2], 1, 0, None) for at in range(10)]
    people = [
        Inspector(f"P{at}", "market", ("2201", "2224")[at % 2], 99, frozenset()) for at in range(8)
    ]
    teams = [{"team": "market", "inspectors": 2}]
    _, files = record_of(rows, people, teams=teams, strata=[{"stratum": "D", "take": "10"}])
    place = {row[0]: row[2] for row in rows}
    where = {each.code: each.place for each in people}
    for line in lines_of(files):
        for one in line["inspectors"].split():
            assert place[line["object"]].startswith(where[one.split("/")[1]])


def test_fewer_than_two_inspectors_for_an_object_are_refused():
    record, _ = record_of()
    order = {**record["order"], "teams": [{"team": "market", "inspectors": 1}]}
    with pytest.raises(Refused) as refused:
        read_order(order)
    assert [each.id for each in refused.value.findings] == ["draw.E005"]


@pytest.mark.parametrize(
    ("written", "objects", "wanted"),
    [
        ("30%", 10, 3),
        ("30%", 11, 4),
        ("0.5%", 1000, 5),
        ("0.5%", 1001, 6),
        ("7", 5, 5),
        ("0", 5, 0),
    ],
)
def test_a_share_is_rounded_up_in_whole_numbers(written, objects, wanted):
    assert read_take(written).count(objects) == wanted


@pytest.mark.parametrize("written", ["", "-1", "1.5", "%", "30 %", "1e2%", "三成"])
def test_what_is_no_share_is_refused(written):
    with pytest.raises(Refused):
        read_take(written)


@pytest.mark.parametrize(
    "line",
    ["C1,A,22,1,0", "C1,A,22,1,0,1,1", "C1,A,22,-1,0,", "C1,A,22,1.5,0,", "C1,A,22,x,0,",
     ",A,22,1,0,", "C 1,A,22,1,0,", "C0,A,22,1,0,", "C1,A,22,,0,", "C1,A,22,1,x,",
     'C"1,A,22,1,0,', "长 春,A,22,1,0,"],
)  # fmt: skip
def test_a_wrong_line_of_a_frame_is_refused_and_named(line):
    good = write_frame([("C0", "A", "22", 1, 0, None)])
    with pytest.raises(Refused) as refused:
        read_frame(good + line.encode() + b"\n")
    assert {each.id for each in refused.value.findings} == {"draw.E002"}


def test_names_in_chinese_may_stand_in_a_frame():
    frame = read_frame(write_frame([("长春一厂", "甲", "2201", 3, 0, 1)]))
    assert (frame.code(0), frame.strata, frame.weights) == ("长春一厂", ("甲",), (3,))


def test_a_name_that_cannot_stand_in_the_files_is_refused_when_they_are_written():
    with pytest.raises(Refused):
        write_frame([("C,1", "A", "22", 1, 0, None)])
    with pytest.raises(Refused):
        write_inspectors([Inspector("P 1", "market", "22", 1, frozenset())])


def test_lists_come_back_as_they_were_written():
    rows = list(frame_of())
    people = list(people_of([row[0] for row in rows]))
    read = read_inspectors(write_inspectors(people))
    fields = ("code", "team", "place", "at_most", "recused")
    assert [[getattr(p, f) for f in fields] for p in read] == [
        [getattr(p, f) for f in fields] for p in people
    ]


def test_a_secret_is_long_and_in_small_digits():
    assert committed(SECRET)
    for wrong in ("", "ab" * 31, ("AB" * 32), "xyz"):
        with pytest.raises(ValueError):  # noqa: PT011  of `fromhex` as well
            committed(wrong)


def test_a_round_says_its_randomness():
    # SHA-256 of one byte, as `sha256sum` gives it.
    found = Round("pedersen-bls-unchained", "00", 1, "61").randomness
    assert found == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"


# Fairness ---------------------------------------------------------------------------------------


def chi_square(counts, expected):
    return sum((counts[key] - want) ** 2 / want for key, want in expected.items())


def test_objects_of_one_weight_are_drawn_equally_often():
    """Chi-square with 19 degrees of freedom: above 43.8 once in a thousand; the seeds are fixed."""
    rows = [(f"C{at}", "D", "22", 5, 0, None) for at in range(20)]
    frame, order = read_frame(write_frame(rows)), read_order(record_of()[0]["order"])
    strata = [replace(order.strata[0], name="D", take=read_take("4"))]
    counts = Counter(
        visit.row for seed in range(3000) for visit in select(frame, strata, f"fair-{seed}")
    )
    # Drawn without replacement the counts spread a little less than independent ones do.
    assert chi_square(counts, dict.fromkeys(range(20), 3000 * 4 / 20)) < 43.8


def test_the_first_object_is_drawn_as_often_as_its_weight_says():
    """Four degrees of freedom: above 18.5 once in a thousand."""
    weights = [1, 2, 3, 10, 84]
    rows = [(f"C{at}", "D", "22", weight, 0, None) for at, weight in enumerate(weights)]
    frame, order = read_frame(write_frame(rows)), read_order(record_of()[0]["order"])
    strata = [replace(order.strata[0], name="D", take=read_take("2"))]
    first, second = Counter(), Counter()
    for seed in range(4000):
        one, two = select(frame, strata, f"weight-{seed}")
        first[one.row] += 1
        second[two.row] += 1
    assert chi_square(first, {at: 4000 * weight / 100 for at, weight in enumerate(weights)}) < 18.5
    # The second one has its share of what the first one left, whichever that was.
    after = {
        at: 4000 * sum(w / 100 * weight / (100 - w) for i, w in enumerate(weights) if i != at)
        for at, weight in enumerate(weights)
    }
    assert chi_square(second, after) < 18.5


def test_inspectors_are_sent_equally_often():
    """Seven degrees of freedom: above 24.3 once in a thousand."""
    rows = [(f"C{at}", "D", "22", 1, 0, None) for at in range(400)]
    people = [Inspector(f"P{at}", "market", "22", 10**6, frozenset()) for at in range(8)]
    teams = [{"team": "market", "inspectors": 2}]
    strata = [{"stratum": "D", "take": "100%"}]
    counts = Counter()
    for seed in range(4):
        _, files = record_of(rows, people, teams=teams, strata=strata, value=f"fair {seed}")
        counts.update(each for line in lines_of(files) for each in line["inspectors"].split())
    assert chi_square(counts, {f"market/P{at}": 4 * 400 * 2 / 8 for at in range(8)}) < 24.3
