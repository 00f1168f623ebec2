"""A licence to issue, and the key of the instance that the tests run in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from xiangyun.adapters.keys import Ed25519Signer
from xiangyun.adapters.keys import signer as instance_signer
from xiangyun.domain.accounts.access import Actor, MandateHeld
from xiangyun.domain.certificates import actions
from xiangyun.domain.certificates.models import Certificate
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import CertificateContent, CertificateField

AT = datetime(2026, 4, 9, 1, 30, tzinfo=UTC)
DAY = date(2026, 4, 9)
CHAOYANG = 220104000000
WANG = Actor(name="王小溪（虚构）", kind="person", account=UUID(int=1))
LI = Actor(name="李山（虚构）", kind="person", account=UUID(int=2))
APPROVER = Actor(
    name="赵核（虚构）",
    kind="official",
    account=UUID(int=3),
    mandates=(MandateHeld("approver", CHAOYANG, CHAOYANG, 220104999999, "朝阳区市场监管局"),),
)
ACCEPTOR = Actor(
    name="钱受（虚构）",
    kind="official",
    account=UUID(int=4),
    mandates=(MandateHeld("acceptor", CHAOYANG, CHAOYANG, 220104999999, "朝阳区政务大厅"),),
)
ELSEWHERE = Actor(
    name="孙外（虚构）",
    kind="official",
    account=UUID(int=5),
    mandates=(MandateHeld("approver", 220300000000, 220300000000, 220399999999, "四平市局"),),
)
SCOPE = "软件开发；数据处理服务；<b>展览</b> & 会议服务。"


def line(key: str, zh: str, en: str, value: str, **how: Any) -> CertificateField:
    return CertificateField(key, Text(zh, en), value, value, value, **how)


def licence(valid_to: date | None = None, capital: str = "100万元人民币") -> CertificateContent:
    return CertificateContent(
        id="business-licence",
        type_code="11100000MB0143028R001",
        name=Text("营业执照", "Business licence"),
        holder="长春市云帆虚构科技有限公司",
        holder_code="91220104MA0000019Q",
        holder_code_kind="uscc",
        issuer="长春市朝阳区市场监督管理局",
        issuer_code="11430000006122244L",
        division=str(CHAOYANG),
        fields=(
            line("code", "统一社会信用代码", "USCC", "91220104MA0000019Q", where="top"),
            line("name", "名称", "Name", "长春市云帆虚构科技有限公司"),
            line("legal_representative", "法定代表人", "Legal representative", WANG.name),
            line("capital", "注册资本", "Registered capital", capital),
            line("scope", "经营范围", "Business scope", SCOPE, wide=True),
            line("registrar", "登记机关", "Authority", "长春市朝阳区市场监督管理局", where="foot"),
        ),
        valid_from=DAY,
        valid_to=valid_to,
        note=Text("虚构，不是法定执照。", "Fictitious; not a legal licence."),
    )


@pytest.fixture
def signer() -> Ed25519Signer:
    return instance_signer()


@pytest.fixture
def issued(db: None, signer: Ed25519Signer) -> Certificate:
    """Ms Wang's licence, issued in her case."""
    return actions.issue(
        licence(),
        owner=WANG.account,
        case_number="22010420260409000001",
        actor=APPROVER,
        at=AT,
        signer=signer,
    )
