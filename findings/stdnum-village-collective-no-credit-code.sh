#!/usr/bin/env bash
# Package:   python-stdnum 2.2 (`stdnum.cn.uscc`, the unified social credit code of organisations, GB 32100).
# Behaviour: a code whose first character is a letter has "an invalid format". The codes of a village's
#            collective economic organisation (N2), of a town's (N1) and a group's (N3), and of others that
#            begin with A, G or Y are all refused, whatever their check character; codes of companies (91),
#            offices (11), institutions (12) and cooperatives (93) pass.
# Surprise:  the standard's second to last places may hold letters and the first may too; the packages' own
#            words describe the first two characters as a registering office and a kind. Companies, the only
#            codes that most people ever see, begin with a digit. Every village in a county has one of the
#            refused kind, so an import by village loses exactly the villages' own organisations.
# What to do: check alphabet (no I, O, S, V, Z), length 18 and the check character (ISO 7064 with powers of 3
#            modulo 31), and let the first two characters be any of the alphabet.
# Seen:
#> 91 company                      accepted
#> 93 farmers' cooperative         accepted
#> 11 government office            accepted
#> N1 town's collective            InvalidFormat
#> N2 village's collective         InvalidFormat
#> N3 village group's collective   InvalidFormat
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check python-stdnum==2.2
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
KINDS = {
    "91": "company",
    "93": "farmers' cooperative",
    "11": "government office",
    "N1": "town's collective",
    "N2": "village's collective",
    "N3": "village group's collective",
}
for first, kind in KINDS.items():
    body = f"{first}220104MA0A0B0CX"  # an invented organisation
    total = sum(ALPHABET.index(each) * pow(3, place, 31) for place, each in enumerate(body))
    try:
        uscc.validate(body + ALPHABET[-total % 31])
        answer = "accepted"
    except ValidationError as problem:
        answer = type(problem).__name__
    print(f"{first} {kind:<28} {answer}")
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
