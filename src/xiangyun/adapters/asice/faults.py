"""Why a signed container is refused: one id for each kind of reason."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Refused, Text

_SAID = {
    "asice.E001": Text("不是 ASiC-E 容器：{why}", "It is no ASiC-E container: {why}"),
    "asice.E002": Text("清单不对：{why}", "The manifest is wrong: {why}"),
    "asice.E003": Text("签名的结构不对：{why}", "The signature is not built rightly: {why}"),
    "asice.E004": Text("签名与内容不符：{why}", "The signature does not hold: {why}"),
    "asice.E005": Text("摘要不符：{why}", "A digest is another: {why}"),
    "asice.E006": Text("签名证书不对：{why}", "The signer’s certificate is wrong: {why}"),
    "asice.E007": Text("散列链不对：{why}", "The hash chain is wrong: {why}"),
    "asice.E008": Text("有内容没有签名：{why}", "Something is not signed: {why}"),
    "asice.E009": Text("时间戳不对：{why}", "The time stamp is wrong: {why}"),
    "asice.E010": Text("证书状态不对：{why}", "The certificate’s status is wrong: {why}"),
    "asice.E011": Text("报文首部不对：{why}", "The headers of the message are wrong: {why}"),
    "asice.E012": Text("签名人与报文不符：{why}", "The signer is not who the message says: {why}"),
}


def refused(id: str, why: str) -> Refused:
    """A refusal; `why` is a name or a word from the container, the same in every language."""
    said = _SAID[id].filled({"why": Text.given(why, why)})
    return Refused([Finding(id, "error", said)])
