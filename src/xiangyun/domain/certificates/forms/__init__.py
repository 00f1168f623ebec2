"""The five forms of a certificate: the same facts, number and status, each signed by its own key.

`metadata` says the facts once; every form says those and no others.
"""

from __future__ import annotations

from typing import NamedTuple

from xiangyun.kernel.findings import Text


class Form(NamedTuple):
    """A form: its media type, the end of its file's name, the algorithm of its key, its name."""

    media_type: str
    suffix: str
    algorithm: str
    name: Text


FORMS = {
    "html": Form(
        "text/html; charset=utf-8", ".html", "Ed25519", Text("网页（可打印）", "Page (to print)")
    ),
    "sd-jwt": Form(
        "application/dc+sd-jwt", ".sd-jwt", "ES256", Text("SD-JWT（选择性披露）", "SD-JWT")
    ),
    "w3c": Form("application/vc", ".vc.json", "Ed25519", Text("W3C 可验证凭证", "W3C credential")),
    "pdf": Form("application/pdf", ".pdf", "ES256", Text("PDF（带签名）", "PDF (signed)")),
    "ofd": Form(
        "application/ofd", ".ofd", "SM2SM3", Text("OFD（国密签名）", "OFD (signed by SM2)")
    ),
}
