"""Xiangyun's own kernel: one person at a time, without and with the trace."""

from __future__ import annotations

from decimal import Decimal

from measure import TABLE, options, people, rate, tell

import xiangyun
from xiangyun.kernel.dmn import decide, read_model
from xiangyun.kernel.feel.values import Value


def main() -> None:
    """Measure and tell."""
    chosen = options()
    model = read_model(TABLE.read_bytes(), TABLE.name)
    inputs: list[dict[str, Value]] = [
        {
            "age": Decimal(each["age"]),
            "income": Decimal(each["cents"]) / 100,
            "kind": each["kind"],
            "local": each["local"],
        }
        for each in people(chosen.people)
    ]
    ways = {
        "xiangyun": lambda person: decide(model, "allowance", person, trace=False),
        "xiangyun, trace": lambda person: decide(model, "allowance", person, trace=True),
    }
    tell(
        version=xiangyun.__version__ if hasattr(xiangyun, "__version__") else "",
        answers={name: [int(way(each).value) for each in inputs] for name, way in ways.items()},
        rates={name: rate(way, inputs, chosen.seconds) for name, way in ways.items()},
    )


if __name__ == "__main__":
    main()
