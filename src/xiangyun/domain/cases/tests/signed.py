"""The test service “visits/home” in which everybody signs: what is signed, and by which device."""

from __future__ import annotations

import re

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.authentication import actions as authentication
from xiangyun.domain.authentication.passkeys import Site
from xiangyun.domain.authentication.tests.device import Device
from xiangyun.domain.cases import signing
from xiangyun.domain.cases.ports import Site as Place
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.folder import read_folder

from . import visits
from .situations import MORNING

HERE = Place("services.example.org", "https://services.example.org")
ASKED = {
    "startEvent": {"filed": {"signature": "offered"}},
    "userTask": {
        "visit": {"signature": "required", "signature_paper": "photos"},
        "consent": {"signature": "required", "signature_by": "register"},
        "witness": {"signature": "required"},
    },
}


def files() -> dict[str, str]:
    """The files of the service, with the properties that ask for signatures."""
    found = dict(read_folder(visits.PACK))
    for kind, elements in ASKED.items():
        for element, said in elements.items():
            found["process.bpmn"] = asking(found["process.bpmn"], kind, element, said)
    for file in found:
        if file.startswith("examples/"):
            signing = re.sub(r"\{task: \w+,", r"\g<0> signature: passkey,", found[file])
            found[file] = signing
    return found


def asking(drawing: str, kind: str, element: str, said: dict[str, str]) -> str:
    """A drawing in which an element has these properties."""
    group = "".join(f'<zeebe:property name="{k}" value="{v}" />' for k, v in said.items())
    group = f"<zeebe:properties>{group}</zeebe:properties>"
    head = re.search(rf'<bpmn:{kind} id="{element}"[^>]*>(<bpmn:extensionElements>)?', drawing)
    assert head is not None
    inner = group if head[1] else f"<bpmn:extensionElements>{group}</bpmn:extensionElements>"
    return drawing[: head.end()] + inner + drawing[head.end() :]


def publish() -> None:
    with acting_as(SYSTEM) as system:
        catalogue.publish(visits.CODE, files(), actor=system, at=MORNING)


def device(who: Actor) -> Device:
    """A passkey that somebody has added."""
    made, site = Device(HERE.origin, HERE.host), Site(HERE.host, HERE.origin)
    with acting_as(who):
        asked = authentication.ask_for_new_passkey(who, site)
        authentication.add_passkey(
            who, site, asked.value, made.made(asked.options), label="试验", at=MORNING
        )
    return made


def by(device: Device, asked: signing.Asked, site: Place = HERE) -> signing.Signing:
    """What the device answers."""
    return signing.Signing(site, asked.asked_at, device.used(asked.options))
