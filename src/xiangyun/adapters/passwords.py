"""How passwords are kept: argon2id (RFC 9106) with costs that are stated here."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """The second recommended option of RFC 9106, section 4: 64 MiB, three passes, four lanes.

    What `settings.PASSWORD_HASHERS` names first. A hash of other costs, or of an earlier kind, is
    replaced at the next log-in, when the password is at hand.
    """

    time_cost = 3
    memory_cost = 65_536  # KiB; as many log-ins at once as there are threads need it each
    parallelism = 4
