"""`connectors/<code>.yaml`: another system, a file each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.connector import (
    Connector,
    check_connector,
    read_connector,
    rehearse_connector,
)
from xiangyun.kernel.connector.model import ToRead, ToRegister, ToService
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.openedcases import opened_by
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.laws import note_unverified
from xiangyun.kernel.packfile.yamltext import Report, read_yaml
from xiangyun.kernel.service.openings import MESSAGE

FILES = "connectors/*.yaml"


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    for path, text in sorted(files.items()):
        root = read_yaml(text, path, report) if KIND.owns(path) else None
        if root is None:
            continue
        faults: list[Finding] = []
        connector = read_connector(root, faults.append)
        if not faults:
            faults += check_connector(connector)
        for each in (*faults, *note_unverified(text, path)):
            report(each)
        if connector.code:
            place = Place(path, connector.place.line)
            found.append(
                Declaration(
                    KIND.name, connector.code, pack, connector.words, {path: text}, connector, place
                )
            )
    return found


def connectors_in(known: Known) -> Mapping[str, Connector]:
    """The connectors that are known, by their codes."""
    return {code: each.value for code, each in known.all(KIND.name).items()}


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """What comes in goes where it may: to a register that the pack writes, to a service that opens
    so."""
    own: Connector = declaration.value
    services = {each.code: each.value for each in known.all("service").values()}
    registers = registers_in(known)
    (file, *_) = declaration.files
    for received in own.receives.values():
        place = Place(file, received.place.line)
        match received.to:
            case ToService(service=code, answers=answers):
                whole = known.judges("service")
                # Found by its basic code, the item is here what it is where the message was made.
                item = code or declaration.pack
                yield from opened_by(MESSAGE, item, answers, services, place, whole=whole)
            case ToRegister(register=code, beside=beside):
                register = registers.get(code)
                if register is None and known.whole:
                    yield unknown("pack.E050", Text("库", "register"), code, registers, place)
                elif register is not None and not register.may_write(declaration.pack):
                    yield _not_written(register.name, declaration.pack, place)
                if beside is not None:
                    yield from _looks(beside.register, declaration.pack, known, place)
            case ToRead(register=code):
                yield from _looks(code, declaration.pack, known, place)


def _looks(code: str, pack: str, known: Known, place: Place) -> Iterator[Finding]:
    """The register whose record is read is there, and the pack may look into it."""
    registers = registers_in(known)
    register = registers.get(code)
    if register is None and known.whole:
        yield unknown("pack.E050", Text("库", "register"), code, registers, place)
    elif register is not None and not register.may_look(pack):
        yield _not_read(register.name, pack, place)


def _not_written(register: Text, pack: str, place: Place) -> Finding:
    return fault(
        "pack.E052",
        Text(
            "{register}没有允许 {pack} 登记。",
            "{register} does not allow {pack} to record.",
            register=register,
            pack=pack,
        ),
        place,
        Text(
            "请由库的主管部门在 writers 里写上 {pack}。",
            "The department of the register writes {pack} into `writers`.",
            pack=pack,
        ),
    )


def _not_read(register: Text, pack: str, place: Place) -> Finding:
    return fault(
        "pack.E560",
        Text(
            "{register}没有允许 {pack} 查询，不能据以答复别的机构。",
            "{register} does not allow {pack} to look: no other organisation is answered from it.",
            register=register,
            pack=pack,
        ),
        place,
        Text(
            "请由库的主管部门在 readers 里写上 {pack}。",
            "The department of the register writes {pack} into `readers`.",
            pack=pack,
        ),
    )


def _rehearse(declaration: Declaration, known: Known) -> Iterator[Finding]:
    yield from rehearse_connector(declaration.value)


KIND = Kind(
    "connector", Text("连接器", "connector"), (FILES,), globs(FILES), _read, _fits, _rehearse
)
