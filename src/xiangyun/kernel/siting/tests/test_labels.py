"""Names on a map: none over another, over a point of another, or beyond the paper."""

from __future__ import annotations

import re

from xiangyun.kernel.siting.labels import SIZE, Label, placed


def boxes(drawn: list[str]) -> list[tuple[float, float, float, float]]:
    found = [re.fullmatch(r'<text x="(-?\d+)" y="(-?\d+)">(.*)</text>', one) for one in drawn]
    sizes = [(float(m[1]), float(m[2]), Label(0, 0, m[3]).width) for m in found if m]
    assert len(sizes) == len(drawn)
    return [(x, y - SIZE * 5 / 6, x + wide, y + SIZE / 6) for x, y, wide in sizes]


def test_no_name_lies_over_another() -> None:
    labels = [
        Label(n * 7919 % 700, n * 104_729 % 500, "靖和街道永新"[: 2 + n % 5]) for n in range(120)
    ]
    drawn = boxes(list(placed(labels, 700, 500)))
    assert len(drawn) > 30
    for at, one in enumerate(drawn):
        assert one[0] >= 0
        assert one[2] <= 701
        for other in drawn[:at]:
            apart = one[0] >= other[2] - 1 or other[0] >= one[2] - 1
            assert apart or one[1] >= other[3] - 1 or other[1] >= one[3] - 1


def test_a_name_without_room_on_the_right_stands_on_another_side() -> None:
    (drawn,) = placed([Label(690, 100, "靖和街道")], 700, 500)
    assert boxes([drawn])[0][2] < 690
    neighbours = [Label(100, 100, "靖和街道"), Label(120, 100, "英安镇")]
    assert len(list(placed(neighbours, 700, 500))) == 2


def test_the_first_name_is_the_one_that_stays() -> None:
    crowd = [Label(100, 100, f"{name}街道") for name in "一二三四五六七八九十百千万甲乙丙丁"]
    drawn = list(placed(crowd, 700, 500))
    assert "一街道" in drawn[0]
    assert len(drawn) < len(crowd)


def test_a_name_keeps_off_what_is_drawn_besides() -> None:
    marks = [(90.0, 100.0), (110.0, 100.0)]
    (drawn,) = boxes(list(placed([Label(100, 100, "大安市", 0)], 700, 500, marks)))
    assert all(
        drawn[2] <= x - 4 or drawn[0] >= x + 4 or drawn[3] <= y - 4 or drawn[1] >= y + 4
        for x, y in marks
    )
