"""Sources of pages, read without their indentation: of a guide's HTML, compressed, a twelfth."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders.app_directories import Loader as AppDirectories

_INDENTED = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(AppDirectories):
    """Templates of the apps as they are sent; lines keep their numbers. Values stay as they are."""

    def get_contents(self, origin: Origin) -> str:
        """The source of a template; only that of a page is indented for whoever reads it."""
        text = super().get_contents(origin)
        return _INDENTED.sub("", text) if origin.name.endswith(".html") else text
