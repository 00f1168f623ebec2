"""What is computed from what is kept: decisions over a whole register (population.yaml), figures by
period and division (indicators.yaml), and what is open of all that (datasets/*.yaml).

`statement` stands aside: it brings the compiler to SQL, which only who needs it loads.
"""

from xiangyun.kernel.projection.datasets import LICENCES, read_dataset
from xiangyun.kernel.projection.indicators import read_indicators
from xiangyun.kernel.projection.inputs import Input, Inputs, in_order, inputs_of
from xiangyun.kernel.projection.model import (
    ALL_CASES,
    BOOKING_DATES,
    BOOKING_FIELDS,
    CASE_DATES,
    CASE_FIELDS,
    DATASETS,
    FIGURE_FIELDS,
    INDICATORS,
    TOTAL,
    Column,
    DataSet,
    Disclosure,
    Indicator,
    Measure,
    Over,
    Part,
)
from xiangyun.kernel.projection.periods import (
    Period,
    between,
    last_complete,
    period_of,
    read_period,
)
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
    "ALL_CASES",
    "BOOKING_DATES",
    "BOOKING_FIELDS",
    "CASE_DATES",
    "CASE_FIELDS",
    "DATASETS",
    "FIGURE_FIELDS",
    "FILE",
    "INDICATORS",
    "LEVELS",
    "LICENCES",
    "TOTAL",
    "Column",
    "DataSet",
    "Disclosure",
    "Indicator",
    "Input",
    "Inputs",
    "Measure",
    "Named",
    "Over",
    "Part",
    "Period",
    "PlaceColumn",
    "Population",
    "Sum",
    "Written",
    "between",
    "in_order",
    "inputs_of",
    "last_complete",
    "period_of",
    "read_dataset",
    "read_indicators",
    "read_period",
    "read_population",
]
