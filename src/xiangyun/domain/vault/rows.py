"""Rows of other apps that may hold sealed values: read as values, or as masks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from django.db import models

from . import sealing
from .sealing import MASK

WORDS = {"zh": MASK, "en": MASK}
"""The mask of words in two languages."""


class SealedRow(models.Model):
    """A row whose columns may be sealed, opened as it is read from the database.

    `masks` are those columns, each with what whoever may not read it gets instead. In a column that
    is `nested`, values within are sealed one by one, under the path to each. Queries that give no
    rows (`values_list`) give what is stored.
    """

    masks: ClassVar[Mapping[str, Any]] = {}
    nested: ClassVar[Collection[str]] = ()
    masked_for_officials: ClassVar[bool] = True
    _least: ClassVar[int] = 2
    """The class from which values are sealed, where the row says its own in `need`."""

    class Meta:
        abstract = True

    @property
    def seal_scope(self) -> str:
        """Whose data key seals it."""
        raise NotImplementedError

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any
    ) -> Self:
        """As Django makes it of a row, with what is sealed opened or masked."""
        row = super().from_db(db, field_names, values, **more)
        held = row.__dict__
        if held.get("need", cls._least) < cls._least:
            return row
        for name, mask in cls.masks.items():
            value = held.get(name)
            if value is None:
                continue
            if name in cls.nested and not sealing.is_sealed(value):
                held[name] = row._opened_within(value, name)
            elif sealing.is_sealed(value):
                held[name] = row._opened(value, name, mask)
        return row

    def _opened(self, value: Any, about: str, mask: Any) -> Any:
        if self.masked_for_officials and sealing.is_masking():
            return mask
        return sealing.opened(self.seal_scope, value, f"{self._meta.db_table}.{about}")

    def _opened_within(self, value: Any, about: str) -> Any:
        if sealing.is_sealed(value):
            return self._opened(value, about, MASK)
        if isinstance(value, dict):
            return {key: self._opened_within(one, f"{about}.{key}") for key, one in value.items()}
        return value
