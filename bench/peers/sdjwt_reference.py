"""The PyPI package sd-jwt, doing what `bench/certificates.py` does; run by its own environment.

Reads the number of rounds; writes {"issue": per second, "verify": per second} to the output.
"""

from __future__ import annotations

import json
import sys
import time

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier


def main() -> None:
    """Issue a credential of eight hidden claims so often, and verify it so often."""
    rounds = int(sys.argv[1])
    key = JWK.generate(kty="EC", crv="P-256")
    public = JWK.from_json(key.export_public())
    open_claims = {"iss": "https://gov.example", "vct": "https://gov.example/licence"}

    def issue() -> str:
        claims = {SDObj(f"claim_{n}"): f"value of claim {n}" for n in range(8)}
        made = SDJWTIssuer({**open_claims, **claims}, key, sign_alg="ES256")
        return str(made.sd_jwt_issuance)

    text = issue()

    def verify() -> None:
        SDJWTVerifier(text, lambda issuer, header: public)

    told = {}
    for name, work in (("issue", issue), ("verify", verify)):
        begun = time.process_time()
        for _ in range(rounds):
            work()
        told[name] = rounds / (time.process_time() - begun)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
