"""The words beside the stars (after GB/T 39734): a few for each grade, by short keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiangyun.kernel.findings import Text

LOW = 2
"""So many stars or fewer are a bad rating (差评), which sets a rectification going."""
GRADES: Mapping[int, Text] = {
    5: Text("非常满意", "Very satisfied"),
    4: Text("满意", "Satisfied"),
    3: Text("基本满意", "Fairly satisfied"),
    2: Text("不满意", "Dissatisfied"),
    1: Text("非常不满意", "Very dissatisfied"),
}
"""From the best to the worst."""
GOOD: Mapping[str, Text] = {
    "quick": Text("办得快", "It was quick"),
    "polite": Text("态度好", "They were friendly"),
    "clear": Text("说得清楚", "It was explained well"),
    "fewer_papers": Text("材料少", "Few papers"),
    "no_trips": Text("不用跑", "No trip needed"),
}
BAD: Mapping[str, Text] = {
    "slow": Text("办得慢", "It took too long"),
    "rude": Text("态度不好", "They were unfriendly"),
    "not_told_at_once": Text("没有一次说清", "Not everything was said at once"),
    "needless_papers": Text("要了不该要的材料", "Papers were asked for that need not be"),
    "hard_to_use": Text("网上不好用", "The pages were hard to use"),
    "passed_around": Text("推来推去", "I was sent from one to another"),
}
ALL: Mapping[str, Text] = {**GOOD, **BAD}


def known(keys: Iterable[str]) -> list[str]:
    """Those keys that are tags, each once, in the order of the lists."""
    given = set(keys)
    return [key for key in ALL if key in given]
