"""The chart is text: it can be read by a machine, printed, and opened alone."""

from __future__ import annotations

from lxml import etree

from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import ENGLISH
from xiangyun.kernel.simulation import queue_chart

from .situations import ONE_DESK, done, run, service, timetable

WORDS = {"approver": Text("决定 <科>", "decision")}
SVG = "{http://www.w3.org/2000/svg}"


def test_the_chart_has_a_panel_for_each_desk_with_work_and_says_its_figures() -> None:
    report = run(service(ONE_DESK, done("decide")), {"approver": 1, "acceptor": 1}, per_day=40)
    drawn = etree.fromstring(queue_chart(report, timetable(), WORDS).encode())
    assert len(drawn.findall(f"{SVG}path[@class='q-line']")) == 1
    words = "".join(drawn.itertext())
    assert "决定 <科>" in words
    assert f"最多 {report.role('approver').longest_queue} 件" in words
    assert drawn.findtext(f"{SVG}desc")


def test_the_chart_speaks_english_and_carries_no_colour_outside_its_classes() -> None:
    report = run(service(ONE_DESK, done("decide")), {"approver": 1}, per_day=40)
    drawn = queue_chart(report, timetable(), WORDS, ENGLISH)
    assert "Tasks waiting at each desk" in drawn
    body = drawn.partition("</style>")[2]
    assert "#" not in body
    assert "style=" not in body


def test_an_office_without_queues_is_drawn_too() -> None:
    report = run(service(ONE_DESK, done("decide")), {"approver": 50}, per_day=1, days=2)
    assert "<svg" in queue_chart(report, timetable(), {})
