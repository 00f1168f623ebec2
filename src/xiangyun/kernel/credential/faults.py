"""Why a credential is not believed: every reason has an id and says what it is in two languages."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Refused, Text


def refused(number: str, about: object = "") -> Refused:
    """The refusal with this reason; `about` names the part, such as `credentialSubject.id`.

    Other rooms name the reason by its whole id, `credential.E024`.
    """
    number = number.removeprefix("credential.")
    message = _SAID[number]
    if about != "":
        message = Text("{about}：{said}", "{about}: {said}", about=str(about), said=message)
    return Refused([Finding(f"credential.{number}", "error", message)])


_SAID = {
    "E001": Text("写法不对，不是这种凭证的格式。", "It is not spelt as such a credential is."),
    "E002": Text(
        "JSON 读不出，或者同一个键写了两次。", "The JSON is broken, or gives a key twice."
    ),
    "E003": Text("签名算法不被允许。", "The signature algorithm is not allowed."),
    "E004": Text("头部的类型（typ）不对。", "The header names another type (typ)."),
    "E005": Text(
        "头部要求的扩展（crit）不受支持。",
        "The header demands an extension (crit) that is not understood.",
    ),
    "E006": Text("签名不对：内容被改过，或者由另一把密钥签名。", "The signature is wrong."),
    "E007": Text("签发者的密钥不受信任。", "The key of the issuer is not trusted."),
    "E010": Text("披露项的写法不对。", "A disclosure is not made as it must be."),
    "E011": Text("披露项没有被凭证引用。", "A disclosure that the credential does not refer to."),
    "E012": Text("同一个摘要出现了两次。", "A digest stands there twice."),
    "E013": Text(
        "披露项的名称被保留，或者同一层已有这个名称。",
        "A disclosed name is reserved, or is there already.",
    ),
    "E014": Text("摘要算法（_sd_alg）不受支持。", "The hash algorithm (_sd_alg) is not supported."),
    "E015": Text(
        "“_sd”或“...”的位置或内容不对。", "An “_sd” or “...” is out of place or malformed."
    ),
    "E016": Text("缺少持有人绑定（KB-JWT）。", "The key binding (KB-JWT) is missing."),
    "E017": Text("持有人绑定的签名或密钥不对。", "The key binding is not by the holder's key."),
    "E018": Text("出示给另一个核验方（aud）。", "It was presented to another verifier (aud)."),
    "E019": Text("随机数（nonce）不对，可能是重放。", "The nonce is another: it may be a replay."),
    "E020": Text(
        "持有人绑定的不是这次出示的内容（sd_hash）。",
        "The key binding is for another presentation (sd_hash).",
    ),
    "E021": Text("出示的时间不在允许范围内。", "The moment of presenting is out of range."),
    "E022": Text("尚未生效。", "It is not valid yet."),
    "E023": Text("已经过期。", "It has expired."),
    "E024": Text("必需的声明缺失或类型不对。", "A required claim is missing or of the wrong kind."),
    "E025": Text(
        "这个声明不得选择性披露。",
        "This claim must not be selectively disclosable.",
    ),
    "E030": Text("手头没有状态列表。", "The status list is not at hand."),
    "E031": Text("状态列表不是凭证所指的那一份。", "The status list is not the one referred to."),
    "E032": Text("状态列表由另一方签名。", "The status list is signed by somebody else."),
    "E033": Text("索引超出状态列表。", "The index lies outside the status list."),
    "E034": Text("状态列表已过时。", "The status list is too old."),
    "E035": Text("状态列表损坏。", "The status list is broken."),
    "E036": Text("证照已被撤销。", "The credential has been revoked."),
    "E037": Text("证照已被暂停。", "The credential is suspended."),
    "E038": Text("证照的状态不是“有效”。", "The status of the credential is not “valid”."),
    "E039": Text("凭证没有指明状态列表。", "The credential refers to no status list."),
    "E040": Text("缺少证明（proof），或其写法不对。", "The proof is missing or malformed."),
    "E041": Text("不支持这种证明套件。", "The cryptosuite is not supported."),
    "E042": Text("证明的用途（proofPurpose）不对。", "The purpose of the proof is another."),
    "E043": Text(
        "验证方法不属于签发者，或无法解析。",
        "The verification method is not the issuer's, or cannot be resolved.",
    ),
    "E044": Text("证明的上下文与文档不一致。", "The context of the proof is not the document's."),
    "E050": Text("@context 不对。", "The @context is not right."),
    "E051": Text("type 不对。", "The type is not right."),
    "E052": Text("issuer 不对。", "The issuer is not right."),
    "E053": Text("credentialSubject 不对。", "The credentialSubject is not right."),
    "E054": Text("应为一个 URL。", "It must be one URL."),
    "E055": Text("日期时间不对。", "The date-time is not right."),
    "E056": Text("应为带 type 的对象。", "It must be an object with a type."),
    "E057": Text(
        "应为文字，或带语言的文字对象。",
        "It must be a string or a language value object.",
    ),
    "E058": Text("重新定义了受保护的词。", "A protected term is defined again."),
    "E059": Text(
        "相关资源的摘要无法核对或不符。", "The digest of a related resource does not fit."
    ),
    "E060": Text(
        "出示（presentation）的内容不对。", "The contents of the presentation are not right."
    ),
}
