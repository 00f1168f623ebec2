"""The files of an application, for those who may see it: looked at, or taken away."""

from __future__ import annotations

from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.filepages import file_pages

view, download = file_pages(cases.material_content, "material_id")
