"""Camera and collimator of a scintigram: enough to tell whether two scans were made with the same."""

import hashlib
from collections.abc import Sequence
from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import items, text

CAMERA: Final = ("Manufacturer", "ManufacturerModelName")

COLLIMATOR: Final = ("CollimatorGridName", "CollimatorType")

DIGITS: Final = 12
"""Of a digest. Our choice: two of a million collimators are alike once in a million times."""


def digest_camera(dataset: Dataset) -> str | None:
    """Digest of maker and model; None where the model is not stated."""
    if not text(dataset, "ManufacturerModelName"):
        return None
    return _hash_words([text(dataset, keyword) for keyword in CAMERA])


def digest_collimator(dataset: Dataset) -> str | None:
    """Digest of name and type of the collimator of all detectors; None where none is stated."""
    stated = []
    for detector in items(dataset, "DetectorInformationSequence"):
        stated.append(" ".join(text(detector, keyword) for keyword in COLLIMATOR).strip())
    if not any(stated):
        return None
    return _hash_words(sorted(set(filter(None, stated))))


def _hash_words(said: Sequence[str]) -> str:
    """Digest of words, whatever their case and spaces."""
    simple = "|".join(" ".join(word.lower().split()) for word in said)
    return hashlib.sha256(simple.encode()).hexdigest()[:DIGITS]
