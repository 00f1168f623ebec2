"""DMN 1.5: decision models read, checked, and decided with a trace that names rows and law."""

from xiangyun.kernel.dmn.check import check_model, checked_model
from xiangyun.kernel.dmn.decide import decide, inputs_from_json
from xiangyun.kernel.dmn.decided import Decided, Fired, Traced, annotated
from xiangyun.kernel.dmn.model import Model
from xiangyun.kernel.dmn.read import read_model

__all__ = [
    "Decided",
    "Fired",
    "Model",
    "Traced",
    "annotated",
    "check_model",
    "checked_model",
    "decide",
    "inputs_from_json",
    "read_model",
]
