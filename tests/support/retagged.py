"""A DICOM file whose elements are changed by hand."""

from pathlib import Path
from typing import Any

from pydicom import dcmread


def retagged(path: Path, **tags: Any) -> Path:
    """Set elements of a file by keyword; None deletes."""
    dataset = dcmread(path)
    for keyword, value in tags.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    dataset.save_as(path)
    return path
