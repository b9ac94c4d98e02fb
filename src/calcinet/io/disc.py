"""What lies on discs, and on copies of them, besides images."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Final, TypeVar

from calcinet.io.dicom.dicomdir import is_directory_name

SYSTEM_FOLDERS: Final = frozenset(
    {
        *(
            "__macosx",
            ".trashes",
            ".trash",
            ".spotlight-v100",
            ".fseventsd",
            ".temporaryitems",
            ".documentrevisions-v100",
        ),
        *("$recycle.bin", "recycler", "system volume information", "lost+found"),
    }
)
"""Folders that systems add to a disc or a zip, in lower case: their own notes, and what was thrown away."""

AnyPath = TypeVar("AnyPath", bound=PurePath)


def is_of_system(folder: str) -> bool:
    """Whether a folder of this name is the system's own.

    >>> is_of_system("__MACOSX"), is_of_system("DICOM")
    (True, False)
    """
    return folder.casefold() in SYSTEM_FOLDERS


def find_discs(paths: Iterable[AnyPath]) -> set[AnyPath]:
    """Find the folders that a DICOMDIR makes the root of a disc."""
    return {path.parent for path in paths if is_directory_name(path.name)}
