#!/usr/bin/env bash
# Package:   gmssl 3.2.2 (SM2 signatures, GB/T 32918, in Python).
# Behaviour: a public key written as the standard writes an uncompressed point, 04 and then both coordinates,
#            verifies nothing if its first coordinate begins with the digit 0 or 4: one key in eight. Without the
#            mark 04 the keys are lost whose first coordinate begins with 04: one in 256.
# Surprise:  the mark is taken off by stripping the characters 0 and 4 from the left, not two characters. Each
#            signature of such an office is refused, and those of the seven others pass, so a first test with one
#            key or five says that all is well. Which spelling is used decides how many offices are lost.
# What to do: give the library the 128 digits without the mark, and where even these begin with 04 verify by
#            other means, such as the system's libcrypto; in tests draw keys by the hundred.
# Seen:
#> 04 and both coordinates:  128 of 1000 keys verify nothing, all that begin with 0 or 4
#> both coordinates alone:   3 of 1000 keys verify nothing, all that begin with 04
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check gmssl==3.2.2
cat > "$work/seen.py" <<'PY'
from gmssl import sm2

LETTER = "准予设立登记".encode()
STEP = 0x9E3779B97F4A7C15F39CC0605CEDC8341082276BF3A27251  # any number: private keys that anybody can make again
ORDER = int(sm2.default_ecc_table["n"], 16)
maker = sm2.CryptSM2(private_key="", public_key="")


def verifies(public: str, signature: str) -> bool:
    try:
        return bool(sm2.CryptSM2(private_key="", public_key=public).verify_with_sm3(signature, LETTER))
    except (TypeError, ValueError):
        return False


class Signer(sm2.CryptSM2):
    """Signs with the key as it is."""

    def __init__(self, private: str, public: str) -> None:
        super().__init__(private_key=private, public_key=public)
        self.public_key = public


for mark, words, lost in (
    ("04", "04 and both coordinates:", ("0", "4")),
    ("", "both coordinates alone:", ("04",)),
):
    keys, refused = 1000, []
    for number in range(1, keys + 1):
        private = f"{number * STEP % ORDER:064x}"
        public = maker._kg(int(private, 16), maker.ecc_table["g"])
        signature = Signer(private, public).sign_with_sm3(LETTER)
        if not verifies(mark + public, signature):
            refused.append(public)
    explained = "all" if all(each.startswith(lost) for each in refused) else "not only those"
    print(f"{words:<25} {len(refused)} of {keys} keys verify nothing, {explained} that begin with {' or '.join(lost)}")
PY
"$work/venv/bin/python" "$work/seen.py" | tee "$work/seen"
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
