"""The worker of the job queue as a program of its own: `python -m xiangyun.site.worker`.

`xiangyun serve` runs the same worker; this is for machines that have their own process manager.
"""

from __future__ import annotations

import os

import django


def main() -> None:
    """Set Django up and work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyun.site.settings")
    django.setup()
    from xiangyun.adapters.jobs import work  # noqa: PLC0415  needs Django's settings

    work()


if __name__ == "__main__":
    main()
