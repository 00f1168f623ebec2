"""The words of the channels, and how an address is shown to others than its owner."""

from __future__ import annotations

from xiangyun.kernel.findings import Text

WORDS = {"email": Text("电子邮件", "e-mail"), "sms": Text("短信", "text message")}
HEADINGS = {"email": Text("电子邮件", "E-mail"), "sms": Text("短信", "Text messages")}
STATES = {
    "waiting": Text("待发送", "waiting to be sent"),
    "sent": Text("已发送", "sent"),
    "failed": Text("未送达", "did not arrive"),
    "dropped": Text("不再发送", "no longer sent"),
}


def masked(address: str) -> str:
    """An address with its middle hidden: 138****1234, w***@example.cn."""
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{address[:-8]}****{address[-4:]}" if len(address) > 8 else f"****{address[-2:]}"
