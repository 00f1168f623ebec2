"""The part of the form-js schema that is understood; all else is answered, never ignored.

form-js is the form format of bpmn.io, edited in Camunda Modeler: one JSON object with a tree of
`components`. See https://docs.camunda.io/docs/components/modeler/forms/.
"""

from __future__ import annotations

NOTES = frozenset(
    {"text", "html", "separator", "spacer", "image", "button", "table", "iframe", "documentPreview"}
)
"""Components that ask nothing: skipped."""

CHOICES = frozenset({"select", "radio", "checklist"})
QUESTIONS = frozenset(
    {"textfield", "textarea", "number", "checkbox", "datetime", "filepicker", "dynamiclist"}
    | CHOICES
)

_EDITOR = {"id", "type", "layout", "appearance", "versionTag"}
_QUESTION = _EDITOR | {"key", "label", "description", "validate", "conditional", "properties"}
_VALUES = {"values", "valuesKey", "valuesExpression"}
MEMBERS: dict[str, frozenset[str]] = {
    "group": frozenset(
        _EDITOR
        | {"key", "label", "components", "conditional", "properties", "showOutline"}
        | {"path", "verticalAlignment"}
    ),
    "textfield": frozenset(_QUESTION),
    "textarea": frozenset(_QUESTION | {"autoSize", "rows"}),
    "number": frozenset(_QUESTION | {"decimalDigits", "increment"}),
    "checkbox": frozenset(_QUESTION),
    "select": frozenset(_QUESTION | _VALUES | {"searchable"}),
    "radio": frozenset(_QUESTION | _VALUES),
    "checklist": frozenset(_QUESTION | _VALUES),
    "datetime": frozenset(
        _QUESTION | {"subtype", "dateLabel", "disallowPassedDates", "timeSerializingFormat"}
    ),
    "filepicker": frozenset(_QUESTION | {"accept", "multiple"}),
    "dynamiclist": frozenset(
        _QUESTION
        | {"path", "components", "defaultRepetitions", "allowAddRemove", "showOutline"}
        | {"isRepeating", "nonCollapsedItems", "disableCollapse", "verticalAlignment"}
    ),
}
"""The members of each component that are used, answered, or needed by the editor only."""

VALIDATE: dict[str, frozenset[str]] = {
    "textfield": frozenset(
        {"required", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"}
    ),
    "textarea": frozenset({"required", "minLength", "maxLength"}),
    "number": frozenset({"required", "min", "max"}),
}
"""The rules each kind may have; every kind may be `required`."""

PROPERTIES = frozenset({"format", "source", "max_mb"})
"""Custom properties with a meaning here; a pack may add its own."""

ACCEPT = {
    "image/*": (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic"),
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
}
"""Media types a file question may accept, as the endings of file names."""

MAX_MB = 20
"""Megabytes a file may have where the form says nothing."""
