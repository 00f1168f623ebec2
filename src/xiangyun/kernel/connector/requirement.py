"""What has to be proved once, by which evidence, from whom: `requirements/<code>.yaml`.

The roles are those of the EU's Once-Only Technical System (Implementing Regulation (EU) 2022/1463):
a requirement is met by a type of evidence, which a provider gives. A provider is asked by a message
of a connector, so that what may be asked is a right with its law and its days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from xiangyun.kernel.connector.model import Connector
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Node, Report

WRITTEN = {
    "code": "no-crime",
    "basis": "《规定》第二条",
    "services": "[area/service]",
    "evidence": "[{code: certificate, name: {…}, providers: […]}]",
    "providers": '[{organisation: …, name: {…}, places: ["21"], connector: …, message: …}]',
    "places": '["21"]',
}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who gives evidence: an organisation, for places whose codes (GB/T 2260) begin so, asked by a
    message of a connector."""

    organisation: str
    words: Text
    places: tuple[str, ...]
    connector: str
    message: str
    place: Place

    def serves(self, division: str) -> bool:
        """Whether it gives evidence about a place, by its code or the beginning of one."""
        return not self.places or any(division.startswith(each) for each in self.places)


@dataclass(frozen=True, slots=True)
class EvidenceType:
    """A kind of evidence that meets a requirement, and all who give it."""

    code: str
    words: Text
    providers: tuple[Provider, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What has to be proved, by which law, for which services; any of its evidence meets it."""

    code: str
    words: Text
    basis: str
    verified: bool
    services: tuple[str, ...]
    evidence: tuple[EvidenceType, ...]
    place: Place = field(default=Place())

    def providers_of(self, division: str) -> list[tuple[EvidenceType, Provider]]:
        """Who gives evidence about a place; where there are several, the citizen chooses."""
        return [
            (each, provider)
            for each in self.evidence
            for provider in each.providers
            if provider.serves(division)
        ]

    def missing_for(self, division: str) -> list[EvidenceType]:
        """The evidence that nobody gives about a place: it is named, and brought on paper."""
        found = {each.code for each, _ in self.providers_of(division)}
        return [] if found else list(self.evidence)


def givers(
    requirement: Requirement, connectors: Mapping[str, Connector], division: str, today: date
) -> dict[str, Value]:
    """Who gives evidence about a place and may be asked today, as a process sees it.

    `providers`: each with what a form offers it by (`value`, `label`), its `organisation` and
    `name`, the `evidence`, the `connector` with its `message`, and the `basis` of the right.
    `missing`: the names of all evidence that would do, where nobody gives any. A `division` is the
    beginning of a code (GB/T 2260); the empty one is any.
    """
    found: list[Value] = []
    for evidence in requirement.evidence:
        for provider in evidence.providers:
            connector = connectors.get(provider.connector)
            if connector is None or not (provider.serves(division) or not division):
                continue
            right = connector.right(provider.organisation, provider.message, today)
            if right is not None:
                found.append(_giver(evidence, provider, right.basis))
    missing: list[Value] = [] if found else [_named(each.words) for each in requirement.evidence]
    return {"providers": found, "missing": missing}


def _giver(evidence: EvidenceType, provider: Provider, basis: str) -> dict[str, Value]:
    label = Text(
        "{provider}：{evidence}",
        "{provider}: {evidence}",
        provider=provider.words,
        evidence=evidence.words,
    )
    return {
        "value": f"{provider.organisation}/{evidence.code}",
        "label": _named(label),
        "organisation": provider.organisation,
        "name": _named(provider.words),
        "evidence": evidence.code,
        "connector": provider.connector,
        "message": provider.message,
        "basis": basis,
    }


def _named(words: Text) -> dict[str, Value]:
    return {"zh": words.zh, "en": words.en}


def ungiven(requirement: Requirement) -> Finding | None:
    """Why a requirement can be met by nobody anywhere; None where somebody gives evidence."""
    if any(each.providers for each in requirement.evidence):
        return None
    return fault(
        "pack.E566",
        Text(
            "“{what}”没有任何机构给得出证据，这项要求没法满足。",
            "No evidence of “{what}” has a provider: the requirement cannot be met.",
            what=requirement.words,
        ),
        requirement.place,
        Text(
            "请在 evidence 里写上一种证据和它的 providers。",
            "Write a type of evidence with its `providers` into `evidence`.",
        ),
    )


def read_requirement(root: Node, report: Report) -> Requirement:
    """The requirement of a file; where it has faults, as far as it could be read."""
    f = Fields(root, report, examples=WRITTEN)
    found = Requirement(
        code=f.string("code"),
        words=f.words("name"),
        basis=f.string("basis"),
        verified=f.boolean("verified", default=False),
        services=f.strings("services"),
        evidence=tuple(_evidence(f)),
        place=root.place,
    )
    f.done()
    return found


def _evidence(f: Fields) -> Iterator[EvidenceType]:
    for node in f.each("evidence"):
        inner = Fields(node, f.report, "evidence", WRITTEN)
        code, words = inner.string("code"), inner.words("name")
        yield EvidenceType(code, words, tuple(_providers(inner)))
        inner.done()


def _providers(f: Fields) -> Iterator[Provider]:
    for node in f.each("providers"):
        inner = Fields(node, f.report, "providers", WRITTEN)
        yield Provider(
            organisation=inner.string("organisation"),
            words=inner.words("name"),
            places=inner.strings("places", required=False),
            connector=inner.string("connector"),
            message=inner.string("message"),
            place=node.place,
        )
        inner.done()


def unreached(provider: Provider, connector: Connector) -> Finding | None:
    """Why a provider cannot be asked by its connector; None where it can."""
    if provider.message not in connector.sends:
        return fault(
            "pack.E562",
            Text(
                "连接器 {connector} 不发“{message}”，没法向{provider}要证据。",
                "The connector {connector} sends no “{message}”: {provider} cannot be asked.",
                connector=connector.code,
                message=provider.message,
                provider=provider.words,
            ),
            provider.place,
            Text("请核对 message。", "Look at `message`."),
        )
    if not any(
        right.organisation == provider.organisation
        and (not right.messages or provider.message in right.messages)
        for right in connector.rights
    ):
        return fault(
            "pack.E563",
            Text(
                "连接器 {connector} 的 rights 里没有{provider}，没法向它要证据。",
                "No right of the connector {connector} names {provider}: it cannot be asked.",
                connector=connector.code,
                provider=provider.words,
            ),
            provider.place,
            Text("请写上依据和起止日期。", "Add a right with its basis and days."),
        )
    return None
