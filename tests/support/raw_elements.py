"""Elements as other programs write them, whatever the standard says of their values."""

from pathlib import Path

from pydicom import dcmread
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag


def put_raw(item: Dataset, keyword: str, written: bytes) -> None:
    """Set the bytes of an element, which nobody looks at."""
    tag = Tag(tag_for_keyword(keyword) or 0)
    padded = written + b" " * (len(written) % 2)
    item[tag] = RawDataElement(tag, dictionary_VR(tag), len(padded), padded, 0, False, True, True)


def rewritten(path: Path, **elements: bytes) -> Path:
    """A file with such elements."""
    dataset = dcmread(path)
    for keyword, written in elements.items():
        put_raw(dataset, keyword, written)
    dataset.save_as(path)
    return path
