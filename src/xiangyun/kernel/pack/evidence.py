"""Evidence as services ask for it: is there such a requirement, and may the service ask for it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xiangyun.kernel.bpmn import Process
from xiangyun.kernel.connector.requirement import Requirement, read_requirement
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.doubles import no_requirement
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.yamltext import read_yaml
from xiangyun.kernel.service.tasks import evidence_providers

FOLDER = "requirements/"


def own_requirements(files: Mapping[str, str]) -> dict[str, Requirement]:
    """The requirements that stand in the files of a pack without a fault, by their codes."""
    found = {}
    for path, text in files.items():
        faults: list[Finding] = []
        if path.startswith(FOLDER) and (root := read_yaml(text, path, faults.append)) is not None:
            requirement = read_requirement(root, faults.append)
            if not faults:
                found[requirement.code] = requirement
    return found


def check_evidence(
    processes: Iterable[Process],
    pack: str,
    requirements: Mapping[str, Requirement],
    *,
    whole: bool,
) -> Iterator[Finding]:
    """What is wrong with every `evidence.providers` of a pack.

    A requirement that is not among them is a fault only where these are the `whole`.
    """
    for process in processes:
        for element in process.elements.values():
            if element.type is None or element.type.text != evidence_providers.TYPE.name:
                continue
            place = Place(process.file, element.line)
            code = element.headers.get("requirement", "").strip()
            requirement = requirements.get(code)
            if requirement is None:
                if code and whole:
                    yield no_requirement(code, requirements, place)
            elif pack not in requirement.services:
                yield _not_for(requirement, pack, place)


def _not_for(requirement: Requirement, pack: str, place: Place) -> Finding:
    return fault(
        "pack.E567",
        Text(
            "要求“{what}”没有写明 {pack} 可以代申请人去要证据。",
            "The requirement “{what}” does not name {pack}: it asks for no evidence by it.",
            what=requirement.words,
            pack=pack or Text("本事项", "this pack"),
        ),
        place,
        Text(
            "请在 requirements/{code}.yaml 的 services 里写上 {pack}。",
            "Write {pack} into `services` of requirements/{code}.yaml.",
            code=requirement.code,
            pack=pack,
        ),
    )
