"""Connectors as services use them: are there such, may the pack send, and has the message all?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.connector import read_connector
from xiangyun.kernel.connector.mapping import inputs_of
from xiangyun.kernel.connector.model import RECIPIENT, Connector
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.yamltext import read_yaml
from xiangyun.kernel.service.tasks import connector_call

FOLDER = "connectors/"


def own_connectors(files: Mapping[str, str]) -> dict[str, Connector]:
    """The connectors that stand in the files of a pack without a fault, by their codes."""
    found = {}
    for path, text in files.items():
        faults: list[Finding] = []
        if path.startswith(FOLDER) and (root := read_yaml(text, path, faults.append)) is not None:
            connector = read_connector(root, faults.append)
            if not faults:
                found[connector.code] = connector
    return found


def check_calls(
    processes: Iterable[Process], pack: str, connectors: Mapping[str, Connector], *, whole: bool
) -> Iterator[Finding]:
    """What is wrong with every `connector.call` of a pack.

    A connector that is not among them is a fault only where these are the `whole`.
    """
    for process in processes:
        for element in process.elements.values():
            if element.type is None or element.type.text != connector_call.TYPE.name:
                continue
            place = Place(process.file, element.line)
            code = element.headers.get("connector", "").strip()
            connector = connectors.get(code)
            if connector is None:
                if code and whole:
                    yield unknown("pack.E110", Text("连接器", "connector"), code, connectors, place)
                continue
            yield from _of_task(element, pack, connector, place)


def _of_task(element: Element, pack: str, to: Connector, place: Place) -> Iterator[Finding]:
    name = element.headers.get("message", "").strip()
    sent = to.sends.get(name)
    if sent is None:
        if name:
            kind = Text("发出的报文", "message that is sent")
            yield unknown("pack.E111", kind, name, to.sends, place)
        return
    if not to.may_call(pack):
        yield _not_allowed(to, pack, place)
    given = {transfer.target.partition(".")[0] for transfer in element.inputs}
    wanted = inputs_of(sent)
    for missing in sorted(wanted - given):
        yield _missing(element, missing, to, place)
    for more in sorted(given - inputs_of(sent, in_filters=True) - {RECIPIENT}):
        kind = Text("报文用到的输入", "input that the message uses")
        yield unknown("pack.E114", kind, more, wanted, place)
    if not to.organisation and RECIPIENT not in given:
        yield _missing(element, RECIPIENT, to, place)


def _not_allowed(to: Connector, pack: str, place: Place) -> Finding:
    return fault(
        "pack.E112",
        Text(
            "连接器“{name}”没有允许 {pack} 使用。",
            "The connector “{name}” does not allow {pack} to send by it.",
            name=to.words,
            pack=pack or Text("本事项", "this pack"),
        ),
        place,
        Text(
            "请在 connectors/{code}.yaml 的 packs 里写上 {pack}。",
            "Write {pack} into `packs` of connectors/{code}.yaml.",
            code=to.code,
            pack=pack,
        ),
    )


def _missing(element: Element, name: str, to: Connector, place: Place) -> Finding:
    return fault(
        "pack.E113",
        Text(
            "“{element}”缺少输入“{name}”，连接器“{connector}”的报文要用它。",
            "“{element}” lacks the input “{name}”, of which “{connector}” makes its message.",
            element=element.label,
            name=name,
            connector=to.words,
        ),
        place,
        Text("请加一个 zeebe:input。", "Add a zeebe:input."),
    )
