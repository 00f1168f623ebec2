"""Examples in which something comes again and again, or a register changes on the way."""

from __future__ import annotations

from xiangyun.kernel.pack import check_pack, read_pack, rehearse
from xiangyun.kernel.pack.tests.shipped import broken, errors, line_of
from xiangyun.kernel.pack.tests.test_registers import SERVICE, known
from xiangyun.kernel.pack.tests.test_task_forms import SEEN, files, told

NOBODY = "  - {task: visit, action: done, by: 李样三, answers: {result: nobody}}\n"
AGAIN = NOBODY.replace("  - ", "  - {repeat: 5, of: [").replace("}}\n", "}}]}\n")


def test_what_comes_again_and_again_is_written_once_in_steps_and_path() -> None:
    changed = broken(SEEN, NOBODY, AGAIN, files())
    changed = broken(SEEN, "[visit, visit,", "[{repeat: 6, of: [visit]},", changed)
    assert told(changed) == []
    made = rehearse(read_pack(changed), read_pack(changed).examples[0])
    assert made.path == ("visit",) * 6 + ("end_seen",)


def test_repetitions_stand_within_each_other() -> None:
    nested = AGAIN.replace("{repeat: 5, of: [", "{repeat: 2, of: [{repeat: 3, of: [").replace(
        "}}]}", "}}]}]}"
    )
    changed = broken(SEEN, NOBODY, nested, files())
    changed = broken(SEEN, "[visit, visit,", "[{repeat: 7, of: [visit]},", changed)
    assert told(changed) == []


def test_once_too_often_is_told_at_the_expectation_and_no_number_at_its_line() -> None:
    changed = broken(SEEN, NOBODY, AGAIN, files())
    (found,) = errors(check_pack(changed, "visits/home"))
    assert found.id == "pack.E040"
    assert found.place
    assert found.place.line == line_of(changed, SEEN, "  path:")
    for wrong in ("0", "1.5", "many", "99999999"):
        crooked = broken(SEEN, NOBODY, AGAIN.replace("5", wrong, 1), files())
        (found,) = [one for one in errors(check_pack(crooked, "visits/home")) if one.place]
        assert found.place
        assert found.place.line == line_of(crooked, SEEN, "repeat")


EARLIER = "examples/04-same-name-corrected.yaml"
RESUBMIT = "answers: {brand: 样江源}}\n"
GONE = "  - {register: company, key: 91222404MA0XY0029L, change: {brand: 样别}}\n"


def test_what_a_register_says_may_change_on_the_way() -> None:
    name = "  - {task: correct, action: resubmit, by: 金样一, "
    changed = broken(EARLIER, name + RESUBMIT, GONE + name + "answers: {}}\n")
    example = next(e for e in read_pack(changed).examples if e.key == "04-same-name-corrected")
    assert rehearse(read_pack(changed), example).outcome == "issued"
    without = broken(EARLIER, name + RESUBMIT, name + "answers: {}}\n")
    example = next(e for e in read_pack(without).examples if e.key == "04-same-name-corrected")
    assert rehearse(read_pack(without), example).outcome != "issued"


def test_a_change_that_a_register_cannot_take_is_told_at_its_step() -> None:
    wrong = GONE.replace("brand: 样别", "status: lost")
    changed = broken(EARLIER, "  - {task: correct,", wrong + "  - {task: correct,")
    (found,) = errors(check_pack(changed, SERVICE, known()))
    assert (found.id, found.place and found.place.line) == (
        "pack.E041",
        line_of(changed, EARLIER, "status: lost"),
    )
