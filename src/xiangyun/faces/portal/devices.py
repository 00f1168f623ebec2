"""What a browser calls itself, in words that people know it by."""

from __future__ import annotations

from xiangyun.kernel.findings import Text

# The first that stands in the name counts: most browsers also claim to be those behind them.
_BROWSERS = (
    ("MicroMessenger", Text("微信", "WeChat")),
    ("AlipayClient", Text("支付宝", "Alipay")),
    ("Edg", Text("Edge", "Edge")),
    ("OPR/", Text("Opera", "Opera")),
    ("Firefox/", Text("Firefox", "Firefox")),
    ("Chrome/", Text("Chrome", "Chrome")),
    ("Safari/", Text("Safari", "Safari")),
)
_SYSTEMS = (
    ("HarmonyOS", Text("鸿蒙", "HarmonyOS")),
    ("Android", Text("安卓", "Android")),
    ("iPhone", Text("iPhone", "iPhone")),
    ("iPad", Text("iPad", "iPad")),
    ("Windows", Text("Windows", "Windows")),
    ("Mac OS X", Text("Mac", "Mac")),
    ("Linux", Text("Linux", "Linux")),
)


def device_words(agent: str) -> Text:
    """A browser and its system by the User-Agent that was sent; else the beginning of that."""
    browser, system = (
        next((words for mark, words in known if mark in agent), None)
        for known in (_BROWSERS, _SYSTEMS)
    )
    if browser and system:
        return Text(
            "{system}上的{browser}", "{browser} on {system}", browser=browser, system=system
        )
    return browser or system or Text.given(agent[:60], agent[:60])
