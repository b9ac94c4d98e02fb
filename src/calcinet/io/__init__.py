"""Bytes -> Image; nothing downstream reads a file."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

__all__ = ["Refusal", "Study", "read", "read_all", "write_radiograph"]

if TYPE_CHECKING:
    from calcinet.io.dicom.writer import write_radiograph
    from calcinet.io.reader import read, read_all
    from calcinet.io.refusal import Refusal
    from calcinet.io.study import Study

HOMES: Final = {
    "Refusal": "calcinet.io.refusal",
    "Study": "calcinet.io.study",
    "read": "calcinet.io.reader",
    "read_all": "calcinet.io.reader",
    "write_radiograph": "calcinet.io.dicom.writer",
}
"""Where each public name lives."""


def __getattr__(name: str) -> Any:
    """Import what reads images only when it is asked for: a case file needs none of it."""
    if name not in HOMES:
        raise AttributeError(f"module 'calcinet.io' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
