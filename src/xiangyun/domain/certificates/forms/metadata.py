"""What a certificate says, by the elements of GB/T 36903, once for every form.

identifier    证照标识 (GB/T 36904)         number        证照编号
name          证照名称 {zh, en}             type_code     证照类型代码
holder, holder_code, holder_code_kind      持证主体、代码、代码类型
authority, authority_code                  颁发机构、代码
area          属地编码, 12 digits           issued_on     颁发日期
valid_from, valid_until                    有效期起、止 (ISO dates, absent: open)
replaces      关联证照标识                  use           加注件的用途与期限 {purpose, until}
fields        {key: {label {zh, en}, value {zh, en}}}: the lines of the paper
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiangyun.domain.certificates.document import Content

REQUIRED = ("identifier", "number", "name", "holder", "authority", "issued_on")


def metadata(content: Content | Mapping[str, Any]) -> dict[str, Any]:
    """The elements of a certificate's content; what is open or empty is left out."""
    said = {
        "identifier": content["identifier"],
        "number": content["number"],
        "name": content["type"]["name"],
        "type_code": content["type"]["code"],
        "holder": content["holder"]["name"],
        "holder_code": content["holder"]["code"],
        "holder_code_kind": content["holder"]["code_kind"],
        "authority": content["authority"]["name"],
        "authority_code": content["authority"]["code"],
        "area": content["division"],
        "issued_on": content["issued_on"],
        "valid_from": content["valid_from"],
        "valid_until": content["valid_until"],
        "replaces": content["replaces"],
        "use": content.get("use"),
        "fields": {
            line["key"]: {"label": line["label"], "value": line["value"]}
            for line in content["fields"]
        },
    }
    return {name: value for name, value in said.items() if value is not None}


def content_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a certificate as far as elements say it, to be shown to a person."""
    fields = said.get("fields")
    return {
        "identifier": said.get("identifier"),
        "number": said.get("number"),
        "type": {"name": said.get("name"), "code": said.get("type_code")},
        "holder": {"name": said.get("holder"), "code": said.get("holder_code")},
        "authority": {"name": said.get("authority"), "code": said.get("authority_code")},
        "issued_on": said.get("issued_on"),
        "valid_from": said.get("valid_from"),
        "valid_until": said.get("valid_until"),
        "use": said.get("use"),
        "fields": [
            {"key": key, "label": line["label"], "value": line["value"]}
            for key, line in (fields if isinstance(fields, dict) else {}).items()
            if isinstance(line, dict) and {"label", "value"} <= line.keys()
        ],
    }
