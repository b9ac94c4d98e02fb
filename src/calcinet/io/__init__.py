"""Bytes -> Image; nothing downstream reads a file."""

from calcinet.io.export import write_radiograph
from calcinet.io.films import Films
from calcinet.io.intake import read, read_all
from calcinet.io.refusal import Refusal

__all__ = ["Films", "Refusal", "read", "read_all", "write_radiograph"]
