"""Add, use and remove second factors; each in the journal, none with its secret."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as account_reads
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.checks import NO_ACCOUNT
from xiangyun.domain.vault.ports import cipher
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused
from xiangyun.kernel.worktime import office_time

from . import checks, demand, passkeys, recovery, totp
from .models import Passkey, RecoveryCode, Totp
from .passkeys import Challenge, Site
from .queries import factors, secret_of

MOST_PASSKEYS = 20


def offer_app(actor: Actor, at: datetime) -> None:
    """Begin to add an authenticator app, in place of one that was begun and not finished."""
    account = _own(actor)
    Totp.objects.filter(account_id=account, confirmed_at=None).delete()
    row = Totp(account_id=account, created_at=at)
    row.secret = cipher().encrypt(totp.new_secret().encode(), about=f"totp/{row.pk}")
    row.save(force_insert=True)


def confirm_app(actor: Actor, typed: str, at: datetime) -> tuple[str, ...]:
    """The first code was typed: the app counts from now on, and one before it no more.

    Returns new recovery codes where there were none. Raises Refused `authentication.E001` for a
    wrong code, `E003` where no app is being added.
    """
    account = _own(actor)
    row = Totp.objects.select_for_update().filter(account_id=account, confirmed_at=None).first()
    if row is None:
        raise Conflict([checks.NOTHING_OFFERED])
    step = totp.matching_step(secret_of(row), typed, at, after=0)
    if step is None:
        raise Refused([checks.WRONG_CODE])
    Totp.objects.filter(account_id=account).exclude(pk=row.pk).delete()
    Totp.objects.filter(pk=row.pk).update(confirmed_at=at, last_step=step)
    _record(actor, "factor.added", at, kind="totp")
    return _codes_if_none(account)


def ask_for_new_passkey(actor: Actor, site: Site) -> Challenge:
    """What a browser is asked so that it makes a passkey for the actor."""
    account = account_reads.own_account(actor)
    known = factors(account.pk).passkeys
    return passkeys.to_make(site, account.pk, account.login, account.name, known)


def add_passkey(
    actor: Actor, site: Site, challenge: str, answer: str, *, label: str, at: datetime
) -> tuple[str, ...]:
    """Keep a passkey that a browser made; new recovery codes where there were none.

    Raises Refused `authentication.E004` where the answer proves nothing, `E005` for one that is
    known already, `E007` for one too many.
    """
    account = _own(actor)
    if len(factors(account).passkeys) >= MOST_PASSKEYS:
        raise Conflict([checks.TOO_MANY])
    new = passkeys.made(site, challenge, answer)
    with acting_as(SYSTEM):  # somebody else's counts as known, too
        known = Passkey.objects.filter(credential=new.credential).exists()
    if known:
        raise Conflict([checks.KNOWN_PASSKEY])
    Passkey.objects.create(
        account_id=account,
        credential=new.credential,
        public_key=new.public_key,
        sign_count=new.sign_count,
        label=label.strip()[:60] or f"{office_time(at):%Y-%m-%d}",
        created_at=at,
    )
    _record(actor, "factor.added", at, kind="passkey")
    return _codes_if_none(account)


def remove_factor(actor: Actor, factor: UUID, at: datetime) -> None:
    """Remove an app or a passkey of one's own; with the last one the recovery codes go.

    Raises NotFound for one that is not the actor's, Conflict `authentication.E006` for the last
    one of an official who must have one.
    """
    account = _own(actor)
    mine = factors(account)
    found = next((one for one in (mine.app, *mine.passkeys) if one and one.pk == factor), None)
    if found is None:
        raise NotFound([checks.NO_PASSKEY])
    if mine.many == 1 and actor.is_official and demand.demanded_of_officials():
        raise Conflict([checks.LAST_FACTOR])
    found.delete()
    if mine.many == 1:
        RecoveryCode.objects.filter(account_id=account).delete()
    _record(actor, "factor.removed", at, kind="totp" if found is mine.app else "passkey")


def new_recovery_codes(actor: Actor, at: datetime) -> tuple[str, ...]:
    """Ten new recovery codes; the earlier ones are good no more."""
    made = recovery.make(_own(actor))
    _record(actor, "codes.made", at)
    return made


def pass_by_code(actor: Actor, typed: str, at: datetime) -> None:
    """Take a code of the app at log-in, once. Raises Refused `authentication.E001`."""
    row = factors(_own(actor)).app
    step = row and totp.matching_step(secret_of(row), typed, at, after=row.last_step)
    # of two who type the same code at the same moment, one is let in
    unused = Totp.objects.filter(pk=row.pk, last_step__lt=step) if row and step else None
    if unused is None or not unused.update(last_step=step):
        raise Refused([checks.WRONG_CODE])
    _record(actor, "factor.passed", at, kind="totp")


def pass_by_recovery_code(actor: Actor, typed: str, at: datetime) -> None:
    """Take a recovery code at log-in, once. Raises Refused `authentication.E002`."""
    if not recovery.use(_own(actor), typed, at):
        raise Refused([checks.WRONG_RECOVERY_CODE])
    _record(actor, "factor.passed", at, kind="recovery")


def ask_for_passkey(actor: Actor, site: Site) -> Challenge | None:
    """What a browser is asked at log-in; None for an account without passkeys."""
    known = factors(_own(actor)).passkeys
    return passkeys.to_use(site, known) if known else None


def pass_by_passkey(actor: Actor, site: Site, challenge: str, answer: str, at: datetime) -> None:
    """Take a passkey's signature at log-in. Raises Refused `authentication.E004`."""
    passkey, count = passkeys.used(site, challenge, answer, factors(_own(actor)).passkeys)
    Passkey.objects.filter(pk=passkey.pk).update(sign_count=count, used_at=at)
    _record(actor, "factor.passed", at, kind="passkey")


def ask_to_sign(actor: Actor, site: Site, challenge: bytes) -> str:
    """What a browser is asked so that the actor signs a challenge. Raises `signature.E006`."""
    known = factors(_own(actor)).passkeys
    if not known or not site.takes_passkeys:
        raise Conflict([checks.NOTHING_TO_SIGN_WITH])
    return passkeys.to_sign(site, known, challenge)


def sign(actor: Actor, site: Site, challenge: bytes, answer: str) -> passkeys.Assertion:
    """Take the actor's signature of a challenge. Raises as `passkeys.signed`."""
    passkey, count, made = passkeys.signed(site, challenge, answer, factors(_own(actor)).passkeys)
    Passkey.objects.filter(pk=passkey.pk).update(sign_count=count)
    return made


def note_misses(actor: Actor, at: datetime) -> None:
    """The password was right and the second factor wrong, several times: its owner should know."""
    _record(actor, "factor.missed", at)


def reset(account: UUID, *, by: Actor, reason: str, at: datetime) -> int:
    """Take all second factors from an account whose owner lost them; how many there were.

    For an administrator or the one who runs the instance, who has made sure who asks. At the next
    log-in an official adds a new one, where the instance demands it.
    """
    with acting_as(SYSTEM):
        before = factors(account).many
        for table in (Totp, Passkey, RecoveryCode):
            table.objects.filter(account_id=account).delete()
        accounts.record_about(
            account, "factor.reset", by=by, at=at, data={}, private={"reason": reason}
        )
    return before


def _codes_if_none(account: UUID) -> tuple[str, ...]:
    return () if recovery.left(account) else recovery.make(account)


def _own(actor: Actor) -> UUID:
    if actor.account is None:
        raise Forbidden([NO_ACCOUNT])
    return actor.account


def _record(actor: Actor, verb: str, at: datetime, **data: str) -> None:
    accounts.record_about(_own(actor), verb, by=actor, at=at, data=data)
