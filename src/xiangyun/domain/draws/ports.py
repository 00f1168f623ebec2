"""What draws want from outside: whoever checks beacons."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.kernel.draw.beacon import Beacons


def beacons() -> Beacons:
    """What checks beacons at this instance, as the settings name it."""
    made: Beacons = import_string(settings.XIANGYUN_BEACONS)()
    return made
