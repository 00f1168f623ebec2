"""What offers want from the outside: somebody who turns sentences into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns sentences into vectors of length one: those that mean the same lie close together.

    `name` changes with the model, since vectors of two models cannot be compared; `least` is the
    product of two vectors below which they have nothing to do with each other.
    """

    name: str
    least: float

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row for each text."""
        ...


def encoder() -> Encoder | None:
    """The one of this instance; None where none is installed."""
    made: Encoder | None = import_string(settings.XIANGYUN_ENCODER)()
    return made
