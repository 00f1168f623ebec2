"""The story of the demonstration, told again on the same day."""

from __future__ import annotations

import pytest

from xiangyun.domain.cases.tests.situations import actor, submitted
from xiangyun.faces.cli import story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_each_story_of_a_day_takes_its_own_licence() -> None:
    wang = actor("wang")
    brands = ("样祥云壬", "样祥云甲", "样祥云癸")  # whatever order their identifiers have
    told = {brand: submitted(wang, brand=brand).pk for brand in brands}
    for case_id in told.values():
        story._act("shencha", case_id, "agree")
        story._act("jueding", case_id, "approve")
    for brand, case_id in told.items():
        assert brand in story.licence_of(wang, case_id).holder_name
