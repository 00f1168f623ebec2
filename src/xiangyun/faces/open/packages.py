"""Data sets as CKAN tells them: packages with resources, organizations, groups, tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import reverse

from xiangyun.adapters.exports import FORMATS
from xiangyun.domain.datasets.releases import Release, Standing
from xiangyun.domain.datasets.searching import Listing
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.projection import LICENCES

LICENCE_NAMES: Final = {
    "CC-BY-4.0": "Creative Commons Attribution 4.0",
    "CC0-1.0": "Creative Commons Zero 1.0",
    "ODC-BY-1.0": "Open Data Commons Attribution 1.0",
    "PDDL-1.0": "Open Data Commons Public Domain Dedication and Licence 1.0",
}
SHOWN: Final = {"csv": "CSV", "xlsx": "XLSX", "jsonl": "JSONL", "parquet": "Parquet"}
ACTIVE: Final = "csv"
"""The form that the datastore answers for; the table is the same in all of them."""


def absolute(path: str) -> str:
    """An address as strangers know it."""
    return settings.PUBLIC_URL.rstrip("/") + path


def identifier(name: str) -> str:
    """The id of something by its name: the same in every instance at one address."""
    return str(uuid5(NAMESPACE_URL, f"{settings.PUBLIC_URL}/{name}"))


def resource_id(code: str, format: str) -> str:
    """A resource's id: the data set and the form."""
    return f"{code}-{format}"


def moment(at: datetime | None) -> str | None:
    """As CKAN writes moments: without a zone, in UTC."""
    return at.replace(tzinfo=None).isoformat() if at else None


def package_of(standing: Standing, entry: Listing | None = None) -> dict[str, Any]:
    """A data set of our own as a package."""
    dataset = standing.dataset
    latest = standing.latest
    page = absolute(reverse("open:dataset", args=[dataset.code]))
    first = standing.releases[-1].published_at if standing.releases else None
    resources = _resources(standing, latest) if latest else []
    extras = {
        "title_en": dataset.name.en,
        "notes_en": dataset.summary.en,
        "update_cycle": dataset.update,
        "sharing": dataset.sharing,
        "opening": dataset.opening,
        "catalogue": dataset.catalogue,
        "catalogue_code": dataset.catalogue_code,
        "series": dataset.series,
        "late": standing.late.code if standing.late else "",
    }
    organization = organization_of(dataset.department)
    return {
        "id": identifier(f"dataset/{dataset.code}"),
        "name": dataset.code,
        "title": dataset.name.zh,
        "notes": dataset.summary.zh,
        "url": page,
        "version": str(latest.number) if latest else "",
        "state": "active",
        "type": "dataset",
        "private": False,
        "isopen": dataset.opening == "unconditional",
        "author": organization["title"],
        "author_email": None,
        "maintainer": organization["title"],
        "maintainer_email": None,
        "license_id": dataset.licence,
        "license_title": LICENCE_NAMES[dataset.licence],
        "license_url": LICENCES[dataset.licence],
        "metadata_created": moment(first),
        "metadata_modified": moment(latest.published_at if latest else None),
        "owner_org": organization["id"],
        "organization": organization,
        "creator_user_id": None,
        "groups": [group_of(dataset.group, dataset.group_name.zh)],
        "tags": [tag_of(tag) for tag in dataset.keywords],
        "num_tags": len(dataset.keywords),
        "resources": resources,
        "num_resources": len(resources),
        "extras": [{"key": key, "value": value} for key, value in sorted(extras.items())],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def _resources(standing: Standing, latest: Release) -> list[dict[str, Any]]:
    dataset = standing.dataset
    fields = latest.schema["fields"]
    return [
        {
            "id": resource_id(dataset.code, format),
            "package_id": identifier(f"dataset/{dataset.code}"),
            "name": f"{dataset.name.zh}（{shown}）",
            "description": dataset.summary.zh,
            "format": shown,
            "mimetype": FORMATS[format].partition(";")[0],
            "mimetype_inner": None,
            "url": absolute(reverse("open:release", args=[dataset.code, latest.number, format])),
            "url_type": None,
            "hash": latest.digest if format == "parquet" else "",
            "size": latest.size if format == "parquet" else None,
            "position": position,
            "state": "active",
            "resource_type": None,
            "datastore_active": format == ACTIVE,
            "created": moment(latest.published_at),
            "last_modified": moment(latest.published_at),
            "metadata_modified": moment(latest.published_at),
            "cache_url": None,
            "cache_last_updated": None,
            "schema": {"fields": fields, "missingValues": [""]},
        }
        for position, (format, shown) in enumerate(SHOWN.items())
    ]


def organization_of(key: str, packages: int | None = None) -> dict[str, Any]:
    """A department as an organization; what is no department is told by its key."""
    found = department(key)
    name = (found.key if found else key) or "none"
    told: dict[str, Any] = {
        "id": identifier(f"organization/{name}"),
        "name": name,
        "title": found.name.zh if found else name,
        "type": "organization",
        "description": found.name.en if found else "",
        "image_url": "",
        "created": "2026-01-01T00:00:00",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }
    return told if packages is None else {**told, "package_count": packages}


def group_of(code: str, title: str, packages: int | None = None) -> dict[str, Any]:
    """A group of data sets."""
    told: dict[str, Any] = {
        "id": identifier(f"group/{code}"),
        "name": code,
        "title": title,
        "display_name": title,
        "description": "",
        "image_display_url": "",
    }
    if packages is None:
        return told
    more = {"package_count": packages, "type": "group", "is_organization": False, "state": "active"}
    return {
        **told,
        **more,
        "approval_status": "approved",
        "image_url": "",
        "created": "2026-01-01T00:00:00",
    }


def tag_of(tag: str) -> dict[str, Any]:
    """A tag."""
    return {
        "id": identifier(f"tag/{tag}"),
        "name": tag,
        "display_name": tag,
        "state": "active",
        "vocabulary_id": None,
    }


def facet_items(name: str, counted: Mapping[str, int]) -> list[dict[str, Any]]:
    """Values of a facet with words and counts, as `search_facets` has them."""
    found = []
    for value, count in counted.items():
        one = department(value) if name == "organization" else None
        found.append({"name": value, "display_name": one.name.zh if one else value, "count": count})
    return found


def harvested(entry: Listing) -> dict[str, Any]:
    """A package of another catalogue, under its name here, with where it comes from."""
    package: dict[str, Any] = dict(entry.told.get("package", {}))
    extras = [each for each in package.get("extras", []) if each["key"] != "harvested_from"]
    organization = organization_of(entry.organization)
    organization["title"] = entry.told.get("office") or organization["title"]
    modified = package.get("metadata_modified") or moment(entry.modified)
    return {
        **package,
        "id": identifier(f"dataset/{entry.code}"),
        "name": entry.code,
        "state": "active",
        "type": "dataset",
        "private": False,
        "isopen": package.get("license_id") in LICENCE_NAMES,
        "metadata_created": package.get("metadata_created") or modified,
        "metadata_modified": modified,
        "owner_org": organization["id"],
        "organization": organization,
        "tags": [tag_of(each["name"]) for each in package.get("tags", [])],
        "num_tags": len(package.get("tags", [])),
        "num_resources": len(package.get("resources", [])),
        "resources": [
            {
                **each,
                "id": f"{entry.code}-{place}",
                "package_id": identifier(f"dataset/{entry.code}"),
            }
            for place, each in enumerate(package.get("resources", []))
        ],
        "extras": [*extras, {"key": "harvested_from", "value": entry.source}],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def catalogued(entry: Listing) -> dict[str, Any]:
    """A package that the catalogue lists and that has no release here: nothing is in it yet."""
    organization, modified = organization_of(entry.organization), moment(entry.modified)
    title, summary = (entry.told.get(name) or {"zh": "", "en": ""} for name in ("title", "summary"))
    extras = {
        "title_en": title["en"],
        "notes_en": summary["en"],
        "sharing": entry.sharing,
        "opening": entry.opening,
        "fictitious": "true" if entry.told.get("fictitious") else "",
    }
    return {
        "id": identifier(f"dataset/{entry.code}"),
        "name": entry.code,
        "title": title["zh"],
        "notes": summary["zh"],
        "url": absolute(reverse("open:dataset", args=[entry.code])),
        "version": "",
        "state": "active",
        "type": "dataset",
        "private": False,
        "isopen": entry.opening == "unconditional",
        "author": organization["title"],
        "author_email": None,
        "maintainer": organization["title"],
        "maintainer_email": None,
        "license_id": None,
        "license_title": None,
        "license_url": None,
        "metadata_created": modified,
        "metadata_modified": modified,
        "owner_org": organization["id"],
        "organization": organization,
        "creator_user_id": None,
        "groups": [group_of(entry.group, entry.group)] if entry.group else [],
        "tags": [tag_of(tag) for tag in entry.tags],
        "num_tags": len(entry.tags),
        "resources": [],
        "num_resources": 0,
        "extras": [{"key": key, "value": value} for key, value in sorted(extras.items()) if value],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def codes_of(entries: Iterable[Listing]) -> list[str]:
    """Those of our own."""
    return [entry.code for entry in entries if not entry.source]


__all__ = [
    "FORMATS",
    "LICENCES",
    "LICENCE_NAMES",
    "SHOWN",
    "absolute",
    "catalogued",
    "codes_of",
    "facet_items",
    "group_of",
    "harvested",
    "identifier",
    "organization_of",
    "package_of",
    "resource_id",
    "tag_of",
]
