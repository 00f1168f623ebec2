"""What is computed from what is kept: decisions over a whole register (population.yaml)."""

from xiangyun.kernel.projection.population import (
    FILE,
    LEVELS,
    Named,
    PlaceColumn,
    Population,
    Sum,
    Written,
    read_population,
)

__all__ = [
    "FILE",
    "LEVELS",
    "Named",
    "PlaceColumn",
    "Population",
    "Sum",
    "Written",
    "read_population",
]
