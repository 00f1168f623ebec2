#!/usr/bin/env bash
# Packages:  three canonicalisers of RFC 8785 (JCS): rfc8785 0.1.4 and jcs 0.2.1 (Python), canonicalize 4.0.0 (npm).
# Behaviour: two records that differ only in an 18-digit whole number get the SAME canonical bytes, so the
#            same digest and the same signature, from jcs and canonicalize. rfc8785 refuses both.
# Surprise:  Python's int is exact and its json writes it exactly, so nothing before the signature shows a
#            loss; jcs itself turns it into a double and prints that. RFC 8785 does say that numbers are
#            doubles; but one library refuses what its peer changes, and digests made to notice every
#            change do not tell two neighbouring case numbers apart.
# What to do: every number of more than 15 digits is a JSON string before it is signed (identity numbers,
#            case numbers, 统一社会信用代码 of digits only); in Python use the canonicaliser that refuses.
# Seen:
#> rfc8785      202603010000000017 -> refused: IntegerDomainError
#> rfc8785      202603010000000018 -> refused: IntegerDomainError
#> jcs          202603010000000017 -> {"case":202603010000000030} sha256 9338f40c
#> jcs          202603010000000018 -> {"case":202603010000000030} sha256 9338f40c
#> canonicalize 202603010000000017 -> {"case":202603010000000030} sha256 9338f40c
#> canonicalize 202603010000000018 -> {"case":202603010000000030} sha256 9338f40c
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check rfc8785==0.1.4 jcs==0.2.1
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$work" canonicalize@4.0.0
{
  "$work/venv/bin/python" - <<'PY'
import hashlib, jcs, rfc8785

for name, canonical in (("rfc8785", rfc8785.dumps), ("jcs", jcs.canonicalize)):
    for case in (202603010000000017, 202603010000000018):
        try:
            form = canonical({"case": case})
            shown = f"{form.decode()} sha256 {hashlib.sha256(form).hexdigest()[:8]}"
        except rfc8785.IntegerDomainError as refusal:
            shown = f"refused: {type(refusal).__name__}"
        print(f"{name:12} {case} -> {shown}")
PY
  cat > "$work/run.mjs" <<'JS'
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

for (const text of ['{"case": 202603010000000017}', '{"case": 202603010000000018}']) {
  const form = canonicalize(JSON.parse(text));
  const digest = createHash('sha256').update(form).digest('hex').slice(0, 8);
  console.log(`canonicalize ${/\d+/.exec(text)[0]} -> ${form} sha256 ${digest}`);
}
JS
  node "$work/run.mjs"
} | tee "$work/seen"
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
