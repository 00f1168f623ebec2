"""An instance with so many items more, asked turn by turn; for `bench/catalogue.py`.

Reads the name of a kind from its input, asks so many times and answers with the milliseconds of
each, on the clock and of the processor. Pages are asked for inside the process, without a web
server; of the items, others each time. Garbage is collected between pages, as the server does.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SEARCHED = ("开店", "kaigongsi", "档案", "road", "zhandao", "摆摊", "老大桥", "公司")
OFFICIAL = "shencha"


def ways(items: int) -> dict[str, Any]:
    """What is asked, by kind: a function of one call."""
    from catalogue import made_up  # noqa: PLC0415 (beside this file's folder)
    from django.test import Client  # noqa: PLC0415 (reads the settings)
    from django.utils import timezone  # noqa: PLC0415 (the same)

    from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: PLC0415 (the same)
    from xiangyun.domain.catalogue import actions  # noqa: PLC0415 (the same)

    packs = dict(made_up(items))
    chance = random.Random(1)
    anybody, official = (Client(HTTP_HOST="127.0.0.1") for _ in range(2))
    official.post("/login", {"as": OFFICIAL})
    codes = list(packs)

    def get(client: Client, address: str) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} does not answer")

    def publish() -> None:
        code = chance.choice(codes)
        text = packs[code]["service.yaml"] + f"# {chance.random()}\n"
        with acting_as(SYSTEM) as actor:
            actions.publish(code, {"service.yaml": text}, actor=actor, at=timezone.now())

    return {
        "guide": lambda: get(anybody, f"/services/{chance.choice(codes)}"),
        "search": lambda: get(anybody, f"/search?q={chance.choice(SEARCHED)}"),
        "queue": lambda: get(official, "/office/"),
        "publication": publish,
    }


def main() -> None:
    """Fill the instance, say that all is there, then answer turn by turn."""
    home, items, calls = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    os.environ |= {"XIANGYUN_HOME": str(home), "XIANGYUN_RATES": "0"}
    from xiangyun.site.start import boot  # noqa: PLC0415 (reads the environment)

    with ExitStack() as stack:
        boot(stack)
        from catalogue import made_up  # noqa: PLC0415 (beside this file's folder)
        from django.utils import timezone  # noqa: PLC0415 (reads the settings)

        from xiangyun.adapters.collecting import Collector  # noqa: PLC0415 (the same)
        from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: PLC0415 (the same)
        from xiangyun.domain.cases.tests.situations import actor, submitted  # noqa: PLC0415
        from xiangyun.domain.catalogue import actions  # noqa: PLC0415 (the same)
        from xiangyun.faces.cli import demonstration, serve  # noqa: PLC0415 (the same)

        demonstration.prepare()
        with acting_as(SYSTEM) as platform:
            _, refused = actions.publish_all(
                dict(made_up(items)), actor=platform, at=timezone.now()
            )
        assert not refused, next(iter(refused.values()))
        begin = timezone.localtime().replace(microsecond=0) - timedelta(days=2)
        for number in range(30):
            at = begin + timedelta(seconds=number)
            submitted(actor("wang"), at, brand=f"样{chr(0x4E00 + number)}")
        asked = ways(items)
        for ask in asked.values():
            for _ in range(5):
                ask()
        serve.make_ready()  # as each process of `xiangyun serve` is
        collector = Collector()
        collector.take_over()
        print("ready", flush=True)
        for line in sys.stdin:
            ask, told = asked[line.strip()], []
            for _ in range(calls):
                clock, processor = time.perf_counter(), time.process_time()
                ask()
                told.append((time.perf_counter() - clock, time.process_time() - processor))
                collector.sweep()
            print(json.dumps([[1e3 * each for each in pair] for pair in told]), flush=True)


if __name__ == "__main__":
    main()
