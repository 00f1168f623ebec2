"""`registers/<code>.yaml`: what is kept of somebody or something, a file each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.laws import note_unverified
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.record import Register, checked_register

FILES = "registers/*.yaml"


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    for path, text in sorted(files.items()):
        if not KIND.owns(path):
            continue
        register, findings = checked_register(text, path)
        for finding in (*findings, *note_unverified(text, path)):
            report(finding)
        if register is not None and register.code:
            place = Place(path, register.place.line)
            found.append(
                Declaration(
                    KIND.name, register.code, pack, register.name, {path: text}, register, place
                )
            )
    return found


def registers_in(known: Known) -> Mapping[str, Register]:
    """The registers that are known, by their codes, and by those that they had formerly."""
    declared = [each.value for each in known.all(KIND.name).values()]
    formerly = {code: register for register in declared for code in register.formerly}
    return formerly | {register.code: register for register in declared}


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """A code of before is nobody else's: whoever asks by it would get the wrong register."""
    own: Register = declaration.value
    for other in known.all(KIND.name).values():
        if other.code == own.code:
            continue
        for code in own.formerly:
            if code in (other.code, *other.value.formerly):
                yield fault(
                    "pack.E054",
                    Text(
                        "“{code}”是 {pack} 的库“{other}”的代码，不能写在 formerly 里。",
                        "“{code}” is a code of “{other}”, a register of {pack}: not one of before.",
                        code=code,
                        other=other.code,
                        pack=other.pack,
                    ),
                    declaration.place,
                    Text("请从 formerly 里删去。", "Remove it from `formerly`."),
                )


KIND = Kind("register", Text("库", "register"), (FILES,), globs(FILES), _read, _fits)
