"""One build of the journal, asked turn by turn: writers side by side while one seals.

Reads a line from its input, lets every writer record its entries, each in a transaction of its
own, and answers with the entries a second. Only what every build has is used.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

REST = 0.1
"""Seconds that the sealer waits between two rounds; in service it is a minute."""


def write(many: int, division: int) -> None:
    """Record so many entries, each in a transaction of its own."""
    from django.db import connections, transaction  # noqa: PLC0415 (reads the settings)
    from django.utils import timezone  # noqa: PLC0415 (the same)

    from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: PLC0415 (the same)
    from xiangyun.domain.journal import actions  # noqa: PLC0415 (the same)

    with acting_as(SYSTEM):
        for number in range(many):
            said: dict[str, Any] = {"service": "market/company-registration", "number": number}
            with transaction.atomic():
                entry = actions.entry_of(
                    verb="case.submitted",
                    subject=f"case/{division}-{number}",
                    division=division,
                    owner=None,
                    actor=None,
                    actor_name="测试（虚构）",
                    desk="",
                    at=timezone.now(),
                    data=said | {"hash": f"{number:064x}"},
                    private={"note": "样本"},
                )
                actions.record(entry)
    connections.close_all()


def seal(until: threading.Event) -> None:
    """Seal what waits, again and again, until the writers are done; and then the rest."""
    from django.db import connections  # noqa: PLC0415 (reads the settings)
    from django.utils import timezone  # noqa: PLC0415 (the same)

    from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: PLC0415 (the same)
    from xiangyun.domain.journal import actions, ports  # noqa: PLC0415 (the same)

    with acting_as(SYSTEM):
        while not until.wait(REST):
            actions.seal(timezone.now(), ports.signer())
        while actions.seal(timezone.now(), ports.signer()):
            pass
    connections.close_all()


def turn(writers: int, entries: int) -> float:
    """Entries a second of all writers together."""
    done = threading.Event()
    sealer = threading.Thread(target=seal, args=(done,))
    each = [
        threading.Thread(target=write, args=(entries, 222400000000 + number))
        for number in range(writers)
    ]
    sealer.start()
    begun = time.perf_counter()
    for writer in each:
        writer.start()
    for writer in each:
        writer.join()
    took = time.perf_counter() - begun
    done.set()
    sealer.join()
    return writers * entries / took


def main() -> None:
    """Say that all is there, then answer turn by turn."""
    home, writers, entries = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    os.environ |= {"XIANGYUN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xiangyun.site.settings"}
    from xiangyun.adapters.postgres import database  # noqa: PLC0415 (reads the environment)

    with database(home):
        import django  # noqa: PLC0415 (reads the settings)

        django.setup()
        print("ready", flush=True)
        for _ in sys.stdin:
            print(turn(writers, entries), flush=True)


if __name__ == "__main__":
    main()
