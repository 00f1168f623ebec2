"""Who may look into a register, and who may write."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.domain.accounts.access import Actor, MandateHeld
from xiangyun.domain.accounts.roles import department_of
from xiangyun.kernel.codes.department import spelled
from xiangyun.kernel.findings import Finding, Forbidden, Text
from xiangyun.kernel.record.model import is_pack_code

from .declarations import Used


def may_write(
    used: Used, actor: Actor, division: int, pack: str = "", *, own: bool = False
) -> bool:
    """Whether the declaration lets a process of this pack, or this official there, write.

    The platform itself may, where no pack is named: commands of the one who runs the instance.
    `own`: the caller has made sure that the record is the actor's; then `entered` says it.
    """
    declared = used.declaration
    if own:
        return declared is not None and declared.entered is not None
    if pack:
        return declared is None or declared.may_write(pack)
    if actor.kind == "system":
        return True
    return any(
        not used.placed or mandate.low <= division <= mandate.high
        for mandate in _writing(used, actor)
    )


def may_write_somewhere(used: Used, actor: Actor) -> bool:
    """Whether the declaration lets this official write, be it in one place only."""
    return any(True for _ in _writing(used, actor))


def _writing(used: Used, actor: Actor) -> Iterator[MandateHeld]:
    """The mandates under which an official may write."""
    declared = used.declaration
    if declared is None or not actor.is_official:
        return
    roles = [name for name in declared.writers if not is_pack_code(name)]
    department = spelled(used.department)
    for mandate in actor.mandates:
        if any(
            mandate.gives(role)
            or (not department_of(role) and mandate.role == f"{role}:{department}")
            for role in roles
        ):
            yield mandate


def refuse_writing(
    used: Used, actor: Actor, division: int, pack: str = "", *, own: bool = False
) -> None:
    """Raise Forbidden `register.E014` unless they may write."""
    if not may_write(used, actor, division, pack, own=own):
        raise Forbidden([no_writer(used, pack or actor.name)])


def no_writer(used: Used, who: str) -> Finding:
    """The finding for somebody whom the declaration does not let write."""
    return Finding(
        "register.E014",
        "error",
        Text(
            "{register}的声明没有允许“{who}”登记。",
            "The declaration of {register} does not let “{who}” write.",
            register=used.name,
            who=who,
        ),
        hint=Text(
            "可以写入的角色和事项包见声明的 writers。",
            "`writers` of the declaration names the roles and packs that may.",
        ),
    )
