"""A small graph, and how it is written: Turtle, JSON-LD, RDF/XML. Nothing is read here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

NAMESPACES: Final[Mapping[str, str]] = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dcatap": "http://data.europa.eu/r5r/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "eli": "http://data.europa.eu/eli/ontology#",
}
TYPE: Final = "rdf:type"
_LOCAL = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class Iri:
    """A thing by its address; `dcat:Dataset` is written out."""

    value: str

    @property
    def whole(self) -> str:
        prefix, _, local = self.value.partition(":")
        return NAMESPACES[prefix] + local if prefix in NAMESPACES else self.value


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, perhaps in a language or of a type (`xsd:date`)."""

    text: str
    language: str = ""
    type: str = ""


Thing = Iri | Literal


class Graph:
    """Statements by subject, in the order in which they were said; each once."""

    def __init__(self) -> None:
        self.said: dict[str, dict[str, list[Thing]]] = {}

    def say(self, subject: str, predicate: str, *things: Thing) -> None:
        """Say something of a subject, by the whole address of that."""
        known = self.said.setdefault(subject, {}).setdefault(predicate, [])
        known += [thing for thing in things if thing not in known]

    def turtle(self) -> str:
        """As Turtle (RDF 1.1)."""
        head = "".join(f"@prefix {name}: <{at}> .\n" for name, at in NAMESPACES.items())
        blocks = []
        for subject, said in self.said.items():
            lines = [
                f"    {'a' if p == TYPE else p} {', '.join(map(_turtle, things))}"
                for p, things in said.items()
            ]
            blocks.append(f"<{_iri(subject)}>\n" + " ;\n".join(lines) + " .\n")
        return head + "\n" + "\n".join(blocks)

    def jsonld(self) -> str:
        """As JSON-LD 1.1, flattened."""
        nodes = []
        for subject, said in self.said.items():
            node: dict[str, Any] = {"@id": subject}
            for predicate, things in said.items():
                if predicate == TYPE:
                    node["@type"] = [t.value for t in things if isinstance(t, Iri)]
                else:
                    node[predicate] = [_json(thing) for thing in things]
            nodes.append(node)
        return json.dumps(
            {"@context": dict(NAMESPACES), "@graph": nodes}, ensure_ascii=False, indent=1
        )

    def xml(self) -> str:
        """As RDF/XML (RDF 1.1)."""
        spaces = "".join(f' xmlns:{name}="{at}"' for name, at in NAMESPACES.items())
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'
            + "".join(self._described())
            + "</rdf:RDF>\n"
        )

    def _described(self) -> Iterator[str]:
        for subject, said in self.said.items():
            yield f'<rdf:Description rdf:about="{escape(subject)}">\n'
            for predicate, things in said.items():
                for thing in things:
                    if isinstance(thing, Iri):
                        yield f'  <{predicate} rdf:resource="{escape(thing.whole)}"/>\n'
                    else:
                        kind = f' xml:lang="{thing.language}"' if thing.language else ""
                        if thing.type:
                            kind = f' rdf:datatype="{Iri(thing.type).whole}"'
                        text = escape(_clean(thing.text), quote=False)
                        yield f"  <{predicate}{kind}>{text}</{predicate}>\n"
            yield "</rdf:Description>\n"


def _turtle(thing: Thing) -> str:
    if isinstance(thing, Iri):
        prefix, _, local = thing.value.partition(":")
        if prefix in NAMESPACES and _LOCAL.fullmatch(local):
            return thing.value
        return f"<{_iri(thing.whole)}>"
    text = json.dumps(_clean(thing.text), ensure_ascii=False)
    if thing.language:
        return f"{text}@{thing.language}"
    return f"{text}^^{thing.type}" if thing.type else text


def _iri(value: str) -> str:
    return re.sub(r'[\x00-\x20<>"{}|^`\\]', lambda m: f"%{ord(m[0]):02X}", value)


def _json(thing: Thing) -> dict[str, str]:
    if isinstance(thing, Iri):
        return {"@id": thing.whole}
    if thing.language:
        return {"@value": thing.text, "@language": thing.language}
    return {"@value": thing.text, "@type": thing.type} if thing.type else {"@value": thing.text}


def _clean(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\t\n")
