"""Bytes -> Image; nothing downstream reads a file."""

from calcinet.io.dicom.writer import write_radiograph
from calcinet.io.reader import read, read_all
from calcinet.io.refusal import Refusal
from calcinet.io.study import Study

__all__ = ["Refusal", "Study", "read", "read_all", "write_radiograph"]
