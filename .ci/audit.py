"""Ask for known vulnerabilities of every locked dependency; no network is no failure.

pip-audit skips what its index knows nothing about, and then says that it has found nothing: what
could not be asked about is told here by number. Ends with 1 where something was found.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "build" / "bench" / "audit" / "bin" / "pip-audit"
WORDS = ["--require-hashes", "--disable-pip", "--format", "json", "--timeout", "10"]


def main() -> int:
    """Audit requirements/run.lock."""
    lock = ROOT / "requirements" / "run.lock"
    try:
        asked = subprocess.run(
            [TOOL, *WORDS, "--requirement", lock],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        dependencies = json.loads(asked.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("依赖未审计：没有网络。 Dependencies not audited: there is no network.")
        return 0
    skipped = [each["name"] for each in dependencies if "skip_reason" in each]
    found = [(each, vuln) for each in dependencies for vuln in each.get("vulns", ())]
    audited = len(dependencies) - len(skipped)
    print(
        f"已审计依赖 {audited} 个，无从查询 {len(skipped)} 个。 "
        f"Audited {audited} dependencies; nothing is known of {len(skipped)}."
    )
    for each, vuln in found:
        mended = ", ".join(vuln["fix_versions"]) or "?"
        print(f"✗ {each['name']} {each['version']}: {vuln['id']} → {mended}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
