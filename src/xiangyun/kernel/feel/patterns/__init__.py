"""Regular expressions of XPath (F&O 3.1 §5.6), which `matches`, `replace` and `split` use."""

from xiangyun.kernel.feel.patterns.compiled import Match, Pattern, compiled, replaced, split

__all__ = ["Match", "Pattern", "compiled", "replaced", "split"]
