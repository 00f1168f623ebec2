"""Token Status List, as the examples of the specification are written in Markdown."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from xiangyun.kernel.credential import statuslist
from xiangyun.kernel.credential.faults import refused
from xiangyun.kernel.credential.jws import take_apart
from xiangyun.kernel.credential.sdjwt import Term

from .scoring import Score, count_tried

_BYTES = re.compile(r"byte_array\s*=\s*\[([^\]]*)\]")
_JSON = re.compile(r"\{.*\}", re.DOTALL)
_STATUS = re.compile(r"status\[\s*(\d+)\s*\]\s*=\s*(?:0b)?(\w+)")


def run(path: Path, test: str, score: Score) -> None:
    """Try one example: an encoded list, the parts of a token, or a token."""
    text = path.read_text("utf-8")
    count_tried(score, test, path, lambda: _try(path, text, test, score), "read")


def _try(path: Path, text: str, test: str, score: Score) -> None:
    found = _JSON.search(text)
    if found is None:
        return _token("".join(text.split()))
    if "lst" not in found[0]:
        return None
    # A JSON string of the examples goes on in the next line, for the width of the page.
    unfolded = re.sub(r"\n\s*(?=[\w\-]+(?:\n|\"))", "", found[0])
    parts = re.split(r"\}\s*\.\s*\{", unfolded, maxsplit=1)
    if len(parts) == 2:
        header, claims = json.loads(parts[0] + "}"), json.loads("{" + parts[1])
        return _claims(header, claims)
    value = json.loads(unfolded)
    claim = value.get("status_list", value)
    opened = statuslist.from_claim(claim)
    if given := _BYTES.search(text):
        data = bytes(int(each, 0) for each in given[1].split(","))
        score.count(f"{test} bytes", data.hex(), opened.data.hex())
        score.count(f"{test} encoded", claim, statuslist.to_claim(opened))
    else:
        score.count(f"{test} again", opened, statuslist.from_claim(statuslist.to_claim(opened)))
    for index, status in _STATUS.findall(text):
        score.count(f"{test} {index}", int(status, 0), opened[int(index)])
    return None


def _token(token: str) -> None:
    jws = take_apart(token)
    _claims(jws.header, jws.payload)


def _claims(header: Any, claims: Any) -> None:
    """All but the signature, whose key the examples do not give, at the moment it was made."""
    if header.get("typ") != statuslist.TYPE:
        raise refused("credential.E004", header.get("typ"))
    made = claims.get("iat")
    statuslist.checked(claims, str(claims.get("sub")), Term(made if isinstance(made, int) else 0))
