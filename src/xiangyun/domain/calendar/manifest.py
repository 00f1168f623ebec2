"""The calendar: days and years entered over the packaged one."""

from xiangyun.manifest import Manifest

manifest = Manifest(builds_on=("accounts", "registers"))
