"""The Django app of the pages of what stands instead of papers."""

from django.apps import AppConfig


class MaterialPagesConfig(AppConfig):
    """Pages of substitutes for papers; it has no tables."""

    name = "xiangyun.faces.materials"
    label = "material_pages"
    verbose_name = "Pages of what stands instead of papers"
