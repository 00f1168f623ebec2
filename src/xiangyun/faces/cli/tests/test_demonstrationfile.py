"""What is wrong with the people of a demonstration is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiangyun.faces.cli.demonstrationfile import demonstration
from xiangyun.kernel.findings import Refused

TWO = """\
people:
  - {login: fabu, name: 吉样发, kind: official, division: "220000000000"}
  - {login: fabu, name: 钱样发, kind: official, division: "220000000000"}
"""


def test_two_people_of_one_login_are_told_with_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demonstration.yaml").write_text(TWO, "utf-8")
    monkeypatch.setenv("XIANGYUN_PACKS", str(tmp_path))
    with pytest.raises(Refused) as found:
        demonstration.__wrapped__()
    [twice] = found.value.findings
    assert twice.id == "pack.E003"
    assert twice.place
    assert twice.place.line == 3
