"""A service folder as pure values: read, checked whole, and rehearsed on citizens' situations.

`check_pack` says all that is wrong with a folder in one go, `read_pack` gives the `Pack`,
`rehearse` walks an example through it in memory. What a running case needs of its pack is here
too: `starting_variables`, `host_functions`, `findings_of`, `letter`, `certificate_content`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from xiangyun.kernel.feel import Value
from xiangyun.kernel.language import Language
from xiangyun.kernel.pack.advice import advice, not_applying, public_rows
from xiangyun.kernel.pack.check import another_code, published_pack, read_pack
from xiangyun.kernel.pack.contents import (
    KIND_FILES,
    Contents,
    check_contents,
    check_fits,
    check_pack,
    published_declaration,
    read_contents,
)
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.pack.kinds import kinds
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.outcome import Moment, Rehearsal
from xiangyun.kernel.pack.rehearsal import rehearse, rehearse_by_steps
from xiangyun.kernel.pack.variables import competent, host_functions, sources, starting_variables
from xiangyun.kernel.packfile.display import shown
from xiangyun.kernel.packfile.parameters import Parameters
from xiangyun.kernel.service.certificate import (
    CertificateContent,
    CertificateField,
    CertificateSpec,
    content,
)
from xiangyun.kernel.service.examples import Example
from xiangyun.kernel.service.letters import Letter, write_letter
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.ruling import NotMet, RuleFinding, findings_of, fired_rows

__all__ = [
    "KIND_FILES",
    "CertificateContent",
    "CertificateField",
    "CertificateSpec",
    "Contents",
    "Declaration",
    "Example",
    "Kind",
    "Known",
    "Letter",
    "Moment",
    "NotMet",
    "Pack",
    "Parameters",
    "Rehearsal",
    "RuleFinding",
    "ServiceItem",
    "advice",
    "another_code",
    "certificate_content",
    "check_contents",
    "check_fits",
    "check_pack",
    "competent",
    "findings_of",
    "fired_rows",
    "host_functions",
    "kinds",
    "letter",
    "not_applying",
    "public_rows",
    "published_declaration",
    "published_pack",
    "read_contents",
    "read_pack",
    "registers_in",
    "rehearse",
    "rehearse_by_steps",
    "shown",
    "sources",
    "starting_variables",
]


def letter(
    pack: Pack,
    name: str,
    variables: Mapping[str, Value],
    language: Language,
    findings: Sequence[RuleFinding] = (),
    at: datetime | None = None,
    note: str = "",
    kind: str = "letter",
) -> Letter:
    """A letter, message or entry of the pack in a language, over the root variables, at a moment.

    `note` is what the official wrote who caused it.

    Raises KeyError when the pack has no such letter.
    """
    known = {**pack.unset, **variables}
    cited = [replace(each, basis=pack.law(each.basis).pick(language)) for each in findings]
    texts, formats = pack.texts, pack.formats
    return write_letter(name, texts, known, language, cited, at, note, kind, formats)


def certificate_content(
    pack: Pack, variables: Mapping[str, Value], issued_on: date, at: datetime | None = None
) -> CertificateContent:
    """What the certificate of a case says. Raises KeyError when the pack issues none."""
    if pack.certificate is None:
        raise KeyError("certificate.yaml")
    return content(pack.certificate, pack.form, {**pack.unset, **variables}, issued_on, at)
