"""What is wrong and what is right of files as such: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_CHECK = "docs/reference/commands.md#xiangyun-check"
_FOREIGN = "docs/how-to/bring-files-from-another-engine.md"
EXPLAINED: Mapping[str, Explained] = {
    "file.E001": Explained(
        "a process.bpmn of 12 MB", "one below 5 MB: pictures do not belong into a drawing", _CHECK
    ),
    "file.E002": Explained(
        "notes.xml that is neither BPMN nor DMN", "process.bpmn, rules.dmn or form.form", _CHECK
    ),
    "file.E003": Explained("a file saved as GBK", "the same saved as UTF-8", "RFC 3629"),
    "file.E004": Explained(
        "groups within groups, hundreds deep", "groups beside each other", _CHECK
    ),
    "file.E005": Explained(
        '{"fields": [{"type": "text"}]}', '{"components": [{"type": "textfield"}]}', _FOREIGN
    ),
    "file.N005": Explained(
        "more than 500 findings of one file", "mend the first ones, then check again", _CHECK
    ),
}
