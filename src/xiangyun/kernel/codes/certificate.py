"""Electronic certificate identifier (电子证照标识), GB/T 36904-2018.

`1.2.156.3005.2` . type (the defining body's unified code + 3) . issuer's unified code . serial .
version (3 digits) . check character: ISO/IEC 7064 MOD 37,36 over the four segments, joined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiangyun.kernel.codes import uscc
from xiangyun.kernel.codes.mod37 import check_character
from xiangyun.kernel.codes.spelling import fault, normal
from xiangyun.kernel.findings import Finding, Refused, Text

ROOT = "1.2.156.3005.2"
"""The object identifier under which certificates are numbered."""
EXAMPLE = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S"


@dataclass(frozen=True, slots=True)
class CertificateIdentifier:
    """A certificate identifier taken apart; a renewed certificate keeps all but `version`."""

    type_code: str
    issuer: str
    serial: str
    version: str
    check: str

    def __str__(self) -> str:
        return ".".join((ROOT, self.type_code, self.issuer, self.serial, self.version, self.check))


def make(type_code: str, issuer: str, serial: str, version: int = 1) -> str:
    """The identifier with its check character. Raises Refused when a segment is not right."""
    segments = [normal(part) for part in (type_code, issuer, serial, f"{version:03}")]
    check = check_character("".join(segments)) if _are_written_right(segments) else "0"
    identifier = ".".join((ROOT, *segments, check))
    if wrong := problem(identifier):
        raise Refused([wrong])
    return identifier


def problem(text: str) -> Finding | None:
    """What is wrong with a certificate identifier, or None."""
    identifier = normal(text)
    if not identifier.startswith(ROOT + "."):
        return fault(
            "code.E040",
            Text(
                "电子证照标识应以 {root} 开头。",
                "A certificate identifier begins with {root}.",
                root=ROOT,
            ),
            EXAMPLE,
        )
    segments = identifier.removeprefix(ROOT + ".").split(".")
    if len(segments) != 5 or not _are_written_right(segments):
        return fault(
            "code.E041",
            Text(
                "电子证照标识根码之后应有 5 段，以“.”分隔，每段只含数字和大写字母："
                "类型代码、颁发机构代码、流水号、版本号、校验位。",
                "After the root there are five segments of digits and capitals, with dots between: "
                "type, issuer, serial, version, check character.",
            ),
            EXAMPLE,
        )
    return _segment_problem(*segments)


def parse(text: str) -> CertificateIdentifier:
    """Take an identifier apart. Raises Refused with the finding of `problem`."""
    if wrong := problem(text):
        raise Refused([wrong])
    return CertificateIdentifier(*normal(text).removeprefix(ROOT + ".").split("."))


def _are_written_right(segments: list[str]) -> bool:
    return all(re.fullmatch("[0-9A-Z]+", segment) for segment in segments)


def _segment_problem(
    type_code: str, issuer: str, serial: str, version: str, check: str
) -> Finding | None:
    if not re.fullmatch(r"[0-9]{3}", type_code[18:]) or not uscc.is_possible(type_code[:18]):
        return fault(
            "code.E042",
            Text(
                "证照类型代码“{type_code}”应为定义机构的 18 位统一社会信用代码加 3 位数字。",
                "The type “{type_code}” is not a unified social credit code and three digits.",
                type_code=type_code,
            ),
            EXAMPLE,
        )
    if not uscc.is_possible(issuer):
        return fault(
            "code.E043",
            Text(
                "颁发机构代码“{issuer}”不是有效的统一社会信用代码。",
                "The issuer “{issuer}” is not a valid unified social credit code.",
                issuer=issuer,
            ),
            EXAMPLE,
        )
    if not re.fullmatch(r"[0-9]{3}", version):
        return fault(
            "code.E044",
            Text(
                "版本号“{version}”应为 3 位数字，首次签发为 001。",
                "The version “{version}” is not three digits; a first issue is 001.",
                version=version,
            ),
            EXAMPLE,
        )
    if check != check_character(type_code + issuer + serial + version):
        return fault(
            "code.E045",
            Text(
                "电子证照标识的校验位不符，至少有一位有误，请扫描证照二维码或整段复制。",
                "The check character does not fit, so at least one character is mistyped: "
                "please scan the certificate's QR code or copy the whole line.",
            ),
            EXAMPLE,
        )
    return None
