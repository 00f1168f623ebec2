"""Forms of other tools, written as forms that are asked here, as far as that is plain."""

from xiangyun.kernel.formspec.dialects.translate import translate_form

__all__ = ["translate_form"]
