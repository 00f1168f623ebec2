"""Offices of a service: on a map that is also a list, each with its hours."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from xiangyun.faces.look.officemap import WIDTH, Spot, office_map

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.django_db
def test_each_office_has_a_number_on_the_map_and_its_hours_in_the_list(demonstration: None) -> None:
    guide = Client().get("/services/market/company-registration").content.decode()
    assert "/services/market/company-registration/offices" in guide
    shown = Client().get("/services/market/company-registration/offices").content.decode()
    drawing = re.search(r"<svg[^>]*aria-label=.*?</svg>", shown, re.DOTALL)
    assert drawing
    assert len(re.findall("<rect", drawing[0])) == shown.count("<li><p><b>") == 2
    assert "周六上午" in shown
    assert "工作日 8:30 至 16:30；网上全天受理" in shown
    assert Client().get("/services/market/stall-report/offices").status_code == 404


def test_a_map_keeps_its_frame_and_escapes_what_it_is_told() -> None:
    spots = [Spot("1", 130.0, 42.8), Spot("2", 130.0, 42.8), Spot("3", 125.3, 43.8)]
    drawn = office_map(spots, [Spot("<b>", 129.5, 42.9)], 'a "title" & more')
    root = ElementTree.fromstring(drawn)
    assert root.attrib["aria-label"] == 'a "title" & more'
    squares = root.findall(f"{SVG}rect")
    assert len({(each.attrib["x"], each.attrib["y"]) for each in squares}) == 3
    height = float(root.attrib["viewBox"].split()[3])
    for each in squares:
        assert 0 <= float(each.attrib["x"]) <= WIDTH
        assert 0 <= float(each.attrib["y"]) <= height
    assert office_map([], [], "") == ""
