"""Standard ways: items that need no process of their own name one, and are one file then.

`process: standard/promised` in service.yaml brings the drawing, the figures, the words and a form
made from the materials; `completed` gives what the way says of the service, the others the rest.
"""

from xiangyun.kernel.pack.standard.ways import (
    WAYS,
    Way,
    completed,
    drawing,
    figures,
    form_text,
    own_files_wrong,
    own_form_wrong,
    taken_by_form,
    way_of,
    wordings,
)

__all__ = [
    "WAYS",
    "Way",
    "completed",
    "drawing",
    "figures",
    "form_text",
    "own_files_wrong",
    "own_form_wrong",
    "taken_by_form",
    "way_of",
    "wordings",
]
