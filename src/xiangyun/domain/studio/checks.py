"""What is refused in the studio, in words for whoever tried it."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Place, Text


def no_draft() -> Finding:
    """There is no such draft, or it is not for whoever asks."""
    return Finding(
        "studio.E001",
        "error",
        Text("编制室里没有这份草稿。", "There is no such draft in the studio."),
        hint=Text("请从列表里选。", "Choose one from the list."),
    )


def written_meanwhile(path: str, who: str) -> Finding:
    """Somebody else saved the file since it was opened; nothing was overwritten."""
    return Finding(
        "studio.E002",
        "error",
        Text(
            "“{path}”在您打开以后，{who}已经保存过。您写的还没有保存，也没有覆盖任何内容。",
            "{who} saved “{path}” after you opened it. Yours is not saved, nothing is overwritten.",
            path=path,
            who=Text.given(who, who),
        ),
        Place(path),
        Text(
            "两份并列在下面：把要留的合到您的一份里，再保存。",
            "Both stand below: bring what stays into yours, and save again.",
        ),
    )


def not_open(state: Text) -> Finding:
    """The draft is handed in, agreed to or given up: nobody writes into it."""
    return Finding(
        "studio.E003",
        "error",
        Text(
            "草稿现在是“{state}”，不能这样做。",
            "The draft is “{state}” now, and that cannot be done with it.",
            state=state,
        ),
        hint=Text(
            "送审以后要改，先由审批人退回。",
            "To change what was handed in, it is returned first.",
        ),
    )


def no_file(path: str) -> Finding:
    """The draft has no such file."""
    return Finding(
        "studio.E007",
        "error",
        Text("草稿里没有文件“{path}”。", "The draft has no file “{path}”.", path=path),
        hint=Text("请从文件清单里选。", "Choose one from the list of files."),
    )


def wrote_it(name: str) -> Finding:
    """Who wrote a file of the draft would agree to it."""
    return Finding(
        "studio.E008",
        "error",
        Text(
            "{name}写过这份草稿的文件，不能自己同意发布。",
            "{name} wrote files of this draft, and does not agree to it.",
            name=Text.given(name, name),
        ),
        hint=Text("请由没有写过的人同意。", "Somebody who wrote none of it agrees."),
    )


def nothing_there(code: str) -> Finding:
    """Nothing of this name is published, and no file was given."""
    return Finding(
        "studio.E009",
        "error",
        Text(
            "“{code}”没有已发布的版本，也没有给出任何文件。",
            "Nothing of “{code}” is published, and no file was given.",
            code=code,
        ),
        hint=Text("请从样板新建，或上传文件。", "Begin with a starter, or upload the files."),
    )


def too_many(most: int) -> Finding:
    """More files than a pack has."""
    return Finding(
        "studio.E010",
        "error",
        Text("文件太多，至多 {most} 个。", "Too many files: at most {most}.", most=most),
        hint=Text("请删去不用的文件。", "Remove what is not used."),
    )


def published_already(code: str) -> Finding:
    """A new pack would have the name of one that is published."""
    return Finding(
        "studio.E011",
        "error",
        Text(
            "“{code}”已经发布，不能从样板新建。",
            "“{code}” is published, and is not begun anew from a starter.",
            code=code,
        ),
        hint=Text("请从已发布的版本起草。", "Begin with the version that is published."),
    )


def nothing_sent() -> Finding:
    """An upload of nothing."""
    return Finding(
        "studio.E012",
        "error",
        Text("没有收到任何文件，没有东西可导入。", "No file was sent: there is nothing to import."),
        hint=Text("请先选文件，再上传。", "Choose a file first, then upload it."),
    )
