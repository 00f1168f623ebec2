"""The settings of the site, with a department that fails until it is told otherwise."""

from xiangyun.site.settings import *  # noqa: F403

XIANGYUN_DEPARTMENTS = "stubborn.Stubborn"
