"""Questions about a company that are answered yes or no, with reasons and without the figures.

A declaration names the registers that are read and a decision over their records. Whoever asks
chooses among declared values and is told the answer and the reason of the row that fired, which is
a fixed sentence: nothing of what the registers hold leaves them.
"""

from xiangyun.kernel.inquiry.asking import Answered, answer
from xiangyun.kernel.inquiry.model import Asked, Inquiry
from xiangyun.kernel.inquiry.reader import checked_inquiry

__all__ = ["Answered", "Asked", "Inquiry", "answer", "checked_inquiry"]
