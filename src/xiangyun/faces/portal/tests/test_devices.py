"""A list of log-ins names devices as people know them."""

from __future__ import annotations

import pytest

from xiangyun.faces.portal.devices import device_words

_LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "zh", "en"),
    [
        (f"{_LINUX} Chrome/130.0 Safari/537.36", "Linux上的Chrome", "Chrome on Linux"),
        (f"{_LINUX} Chrome/130.0 Safari/537.36 Edg/130.0", "Linux上的Edge", "Edge on Linux"),
        (
            f"{_PHONE} MicroMessenger/8.0 Safari/604.1",
            "iPhone上的微信",
            "WeChat on iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0", "curl/8.5.0"),
        ("", "", ""),
    ],
)
def test_a_device_is_named_by_browser_and_system(agent: str, zh: str, en: str) -> None:
    assert (device_words(agent).zh, device_words(agent).en) == (zh, en)
