"""A decision that lies beside the YAML file that names it: `NAME.yaml` and `NAME.dmn`."""

from __future__ import annotations

from xiangyun.kernel.dmn.check import checked_model
from xiangyun.kernel.dmn.model import Model
from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml


def rules_beside(file: str) -> str:
    """The path of the decision that belongs to a YAML file."""
    return file.removesuffix(".yaml") + ".dmn"


def read_beside(
    text: str, rules: str | None, file: str, absent: str, report: Report
) -> tuple[Node | None, Model | None]:
    """Both files, each None where it cannot be read at all.

    `rules` is the text of the decision, None where there is none, which is told as `absent`.
    """
    root = read_yaml(text, file, report)
    if root is None:
        return None, None
    if rules is None:
        report(
            fault(
                absent,
                Text(
                    "缺少决策表文件“{file}”。",
                    "The decision file “{file}” is missing.",
                    file=rules_beside(file),
                ),
                root.place,
                Text("请把决策表放在它旁边。", "Put the decision table beside it."),
            )
        )
        return root, None
    model, found = checked_model(rules, rules_beside(file))
    for finding in found:
        report(finding)
    return root, model
