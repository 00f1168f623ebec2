"""What is wrong and what is right, for each fault of a connector: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_PAGE = "docs/reference/connectors.md"
_REQUIREMENTS = "docs/reference/requirements.md"
_SCHEMAS = "JSON Schema, draft 2020-12, of which connectors use a part"
EXPLAINED: Mapping[str, Explained] = {
    "connector.E001": Explained("code: {maximumLength: 18}", "code: {maxLength: 18}", _SCHEMAS),
    "connector.E002": Explained("code: {type: text}", "code: {type: string}", _SCHEMAS),
    "connector.E003": Explained(
        "opined: {…, to: {reply_to: opinion}}",
        "opined: {…, key: =number, to: {reply_to: opinion}}",
        _PAGE,
    ),
    "connector.E004": Explained(
        "a connector without `sends` and `receives`", "sends: {register: {…}}", _PAGE
    ),
    "connector.E005": Explained(
        "to: {reply_to: opinions}", "to: {reply_to: opinion}, a message of `sends`", _PAGE
    ),
    "connector.E006": Explained(
        "{basis: …, from: 2026-01-01, until: 2025-12-31}",
        "{basis: …, from: 2025-01-01, until: 2026-12-31}",
        _PAGE,
    ),
    "connector.E007": Explained(
        'body: "={code: code, name: name}" with given: {code: "1"}',
        'given: {code: "1", name: 样祥}',
        _PAGE,
    ),
    "connector.E008": Explained(
        "a message in `sends` and none in `examples`",
        '- {sends: register, given: {code: "1"}, answers: {reference: T1}}',
        _PAGE,
    ),
    "connector.E009": Explained(
        'given: {code: "1"} with body: {code: "2"}', 'given: {code: "1"}, body: {code: "1"}', _PAGE
    ),
    "connector.E010": Explained(
        "given: {code: null}, where the schema has code: {type: string}",
        'given: {code: "1"}',
        _PAGE,
    ),
    "connector.E011": Explained(
        "answers: {ref: T1}, where the schema has required: [reference]",
        "answers: {reference: T1}",
        _PAGE,
    ),
    "connector.E012": Explained(
        "body: {code: 1}, where the schema has code: {type: string}", 'body: {code: "1"}', _PAGE
    ),
    "pack.E561": Explained(
        "connector: police-records, which nobody declares",
        "connector: registry, as some pack declares it",
        _REQUIREMENTS,
    ),
    "pack.E562": Explained(
        "message: asks, which the connector does not send",
        "message: hand-over",
        _REQUIREMENTS,
    ),
    "pack.E563": Explained(
        "a provider whose organisation no right of the connector names",
        "rights: [{organisation: …, basis: …, from: …}] in the connector",
        _REQUIREMENTS,
    ),
    "pack.E564": Explained(
        "services: [area/servcie]",
        "services: [area/service]",
        _REQUIREMENTS,
    ),
    "pack.E565": Explained(
        '<zeebe:header key="requirement" value="no-crimes" />',
        '<zeebe:header key="requirement" value="no-crime" />, the code of a requirement',
        _REQUIREMENTS,
    ),
    "pack.E566": Explained(
        "evidence: [{code: birth-certificate, name: {…}, providers: []}]",
        "providers: [{organisation: …, name: {…}, connector: …, message: …}]",
        _REQUIREMENTS,
    ),
    "pack.E567": Explained(
        "services: [] in a requirement that area/service asks for by evidence.providers",
        "services: [area/service]",
        _REQUIREMENTS,
    ),
}
