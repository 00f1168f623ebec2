"""population.yaml and the rules of its pack fit, or the check says where they do not."""

import pytest

from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.pack.tests.shipped import broken, errors, files

FILE = "population.yaml"


WHOLE = """\
key: code
decisions: [capital_findings]
inputs:
  application.capital: capital
  filed_on: =on
when: =severity = "refuse"
columns: {id: =id}
"""


def found(old, new):
    return errors(check_pack(broken(FILE, old, new, {**files(), FILE: WHOLE})))


@pytest.mark.parametrize(
    ("old", "new", "id", "hint"),
    [
        ("[capital_findings]", "[capital_finding]", "pack.E021", "capital_findings"),
        ("application.capital:", "aplication.capital:", "pack.E020", "application"),
        ('"refuse"', '"refuse" and', "feel.E001", ""),
        ("=on", "=on +", "feel.E001", ""),
        ("{id: =id}", "{id: id}", "pack.E006", ""),
    ],
)
def test_what_leads_nowhere_is_an_error_with_its_place(old, new, id, hint):
    (finding, *_) = found(old, new)
    assert (finding.id, finding.place.file) == (id, FILE)
    assert hint in (finding.hint.en if finding.hint else "")


def test_a_file_that_fits_is_found_to_fit():
    assert not [each for each in check_pack({**files(), FILE: WHOLE}) if each.id == "pack.W002"]
    assert found("key: code", "key: name") == []
