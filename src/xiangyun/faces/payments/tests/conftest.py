"""The pages have what the domain's tests have: a provider for each test."""

from xiangyun.domain.payments.tests.conftest import _own_provider

__all__ = ["_own_provider"]
