"""A fair: who talks with whom, when and at which table, who stands where, who speaks when.

A declaration names a matching and says how many slots, booths and rooms there are. The plan follows
from it and from who takes part: interviews are stable for both sides, nobody is at two places at
once, and the same people always get the same plan.
"""

from xiangyun.kernel.fair.declaration import FILES, KEPT, Fair, Hall, read_fair
from xiangyun.kernel.fair.plan import (
    Demand,
    Exhibitor,
    FairPlan,
    Guests,
    Interview,
    Offer,
    make_plan,
)

__all__ = [
    "FILES",
    "KEPT",
    "Demand",
    "Exhibitor",
    "Fair",
    "FairPlan",
    "Guests",
    "Hall",
    "Interview",
    "Offer",
    "make_plan",
    "read_fair",
]
