"""Static files, each under a name with the hash of what it holds, compressed beside itself.

`xiangyun serve` collects them at its start. A browser may keep a file for ever: whatever changes
gets another name.
"""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with hashes where files were collected, plain names where not, as in tests."""

    manifest_strict = False

    def hashed_name(self, name: str, content: object = None, filename: str | None = None) -> str:
        """The name with the hash; the plain one of a file that was never collected."""
        if content is None and not self.exists(filename or name):
            return name
        return str(super().hashed_name(name, content, filename))
