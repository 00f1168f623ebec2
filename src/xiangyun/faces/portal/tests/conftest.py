"""Browsers of the demonstration's people, and an application that has nothing wrong with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

SERVICE = "market/company-registration"
LogIn = Callable[[str], Client]


@pytest.fixture
def log_in(demonstration: None) -> LogIn:
    """A browser in which this fictitious person is logged in."""

    def made(login: str) -> Client:
        client = Client()
        assert client.post("/login", {"as": login}).status_code == 302
        return client

    return made


def lease() -> SimpleUploadedFile:
    """A file as the form takes it."""
    return SimpleUploadedFile("lease.pdf", b"%PDF-1.4 fictitious", "application/pdf")


def typed_pages() -> dict[str, dict[str, object]]:
    """What a person types, by page."""
    return {
        "who": {},
        "name": {
            "name_prefix": "珲春市",
            "brand": "样祥云页",
            "industry": "G59",
            "industry_words": "冷链物流",
            "name_form": "有限公司",
        },
        "premises": {
            "premises_division": "222404001001",
            "premises_detail": "靖和街道（虚构）口岸大路12号",
            "premises_kind": "rented",
            "premises_proof": lease(),
        },
        "capital": {
            "capital": "100",
            "shareholders.0.name": "王样云",
            "shareholders.0.id_number": "222404199203150027",
            "shareholders.0.amount": "100",
            "shareholders.0.paid_in_by": "2029-12-31",
        },
        "officers": {
            "legal_representative": "王样云",
            "legal_representative_id": "222404199203150027",
            "legal_representative_post": "director",
            "supervisor": "李样山",
        },
        "scope": {"scope": ["cold_storage", "goods_trade"], "articles": "model"},
        "contact": {"bank": "frontier", "paper_licence": "none", "promise": "true"},
    }


def begin(client: Client) -> str:
    """Press “start”; the address of the draft."""
    answer = client.post(f"/services/{SERVICE}/apply")
    assert answer.status_code == 302
    return str(answer["Location"])


def fill_in(client: Client, brand: str = "样祥云页") -> str:
    """Fill in all pages as a person without JavaScript would; the address of the draft."""
    draft, pages = begin(client), typed_pages()
    pages["name"]["brand"] = brand
    for key, typed in pages.items():
        answer = client.post(f"{draft}/pages/{key}", typed)
        assert answer.status_code == 302, answer.content.decode()
    return draft


def send(client: Client, draft: str) -> str:
    """Send the application; the address of the case."""
    answer = client.post(f"{draft}/check")
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).removesuffix("/sent")
