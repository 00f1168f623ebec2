"""Amounts of money as they are written: 794,958.90, and 柒拾玖万肆仟玖佰伍拾捌元玖角整.

The capitals are those of the rules for filling in bills and settlement vouchers (正确填写票据和结算
凭证的基本规定), which no eraser turns into others.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

MOST = Decimal(10) ** 16
"""Amounts below this have words."""
_EXACT = Context(prec=60)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_WITHIN, _GROUPS = ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿")


def rounded(value: Decimal, digits: int) -> Decimal:
    """A number with so many decimals; halves go away from zero, as in accounts."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _EXACT)


def money(value: Decimal, digits: int = 2) -> str:
    """An amount with commas between thousands and all its decimals: 794,958.90."""
    return f"{rounded(value, digits):,f}"


def money_in_words(value: Decimal) -> str:
    """An amount of yuan in capitals; empty for one of 10^16 or more."""
    cents = int(rounded(abs(value), 2).scaleb(2, _EXACT))
    yuan, rest = divmod(cents, 100)
    if yuan >= MOST:
        return ""
    tenths, hundredths = divmod(rest, 10)
    said = f"{_whole(yuan)}元" if yuan else ""
    if tenths:
        said += f"{_DIGITS[tenths]}角"
    elif hundredths and yuan:
        said += "零"
    if hundredths:
        said += f"{_DIGITS[hundredths]}分"
    said = said or "零元"
    said += "" if hundredths else "整"
    return f"负{said}" if value < 0 and cents else said


def _whole(number: int) -> str:
    """A whole number in capitals; a group of zeros, or a zero before a digit, is one 零."""
    said, gap = "", False
    for group in range(3, -1, -1):
        part = number // 10_000**group % 10_000
        if not part:
            gap = bool(said)
            continue
        words = _group(part)
        said += ("零" if said and (gap or part < 1000) else "") + words + _GROUPS[group]
        gap = False
    return said


def _group(part: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = part // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _WITHIN[place]
            gap = False
        else:
            gap = True
    return said
