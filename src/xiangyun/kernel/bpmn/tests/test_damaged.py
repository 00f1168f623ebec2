"""Damaged files: whatever a hand or a tool has done to a drawing, the answer is a finding."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from xiangyun.kernel.bpmn import advance, check_process, draw, read_document, write_document
from xiangyun.kernel.bpmn.events import Started
from xiangyun.kernel.bpmn.tests.test_properties import BLOCKS, drawn
from xiangyun.kernel.bpmn.tests.walking import MORNING
from xiangyun.kernel.findings import Refused

DAMAGE = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.sampled_from(["remove", "forget", "mistake", "double", "rename"]),
        st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=4,
)


def damaged(text: str, damage) -> str:
    root = etree.fromstring(text.encode())
    for where, what, which in damage:
        nodes = list(root.iter("*"))
        node = nodes[where % len(nodes)]
        keys = sorted(node.attrib)
        if what == "remove" and node.getparent() is not None:
            node.getparent().remove(node)
        elif what == "double" and node.getparent() is not None:
            node.getparent().append(etree.fromstring(etree.tostring(node)))
        elif what == "rename" and node.getparent() is not None:
            node.tag = nodes[which % len(nodes)].tag
        elif what == "forget" and keys:
            del node.attrib[keys[which % len(keys)]]
        elif what == "mistake" and keys:
            other = nodes[which % len(nodes)]
            node.set(keys[which % len(keys)], other.get("id", "="))
    return etree.tostring(root, encoding="unicode")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS, DAMAGE)
def test_a_damaged_drawing_is_answered_with_findings_and_never_with_a_crash(block, damage):
    text = damaged(drawn(block), damage)
    findings = check_process(text)
    for finding in findings:
        assert finding.id.startswith("bpmn.")
        assert finding.place
    try:
        document = read_document(text)
    except Refused:
        assert findings
        return
    read_document(write_document(document))
    for process in document.processes:
        etree.fromstring(draw(process))
    if not any(finding.severity == "error" for finding in findings):
        data = {f"c{at}": False for at in range(7)} | {"more": False}
        (process,) = [each for each in document.processes if each.elements]
        assert advance(process, None, Started(MORNING), data).state
