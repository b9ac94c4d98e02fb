"""The bytes of the files of a call, loaded when they are asked for."""

from calcinet.errors import Unreadable
from calcinet.io.file_sources import Source
from calcinet.io.refusal import fingerprint
from calcinet.text import say


class FileContents:
    """Loads files; the one looked at last is kept until one is read, so that a lone film is loaded once."""

    def __init__(self) -> None:
        self._kept: tuple[str, bytes] | None = None
        """Hash and content."""

    def load_first(self, source: Source) -> tuple[str, bytes]:
        """Hash and content of a file that was not looked at before.

        Raises
        ------
        Unreadable
            If it cannot be read.
        """
        self._kept = None  # makes room for the next
        data = source.load()
        self._kept = (fingerprint(data), data)
        return self._kept

    def load_again(self, source: Source, sha256: str) -> bytes:
        """Content of a file that had the hash `sha256` when it was looked at.

        Raises
        ------
        Unreadable
            If it is gone or has changed.
        """
        kept, self._kept = self._kept, None
        if kept is not None and kept[0] == sha256:
            return kept[1]
        data = source.load()
        if fingerprint(data) != sha256:
            raise Unreadable(say("the file changed while it was read: wait until it is there whole"), code="changed")
        return data
