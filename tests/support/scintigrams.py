"""Bone scans of a few counts, and elements of their headers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset

from calcinet.image import Emission, Image, Projection


def scan(views: tuple[Projection, ...] = ("anterior", "posterior"), **emission: Any) -> Image:
    """A frame of counts for each view: 1 to 7 in rows that rise, 100 at one pixel that tells left from right."""
    pixels = np.zeros((len(views), 128, 64), np.float32) + np.arange(128, dtype=np.float32)[None, :, None] % 7 + 1
    pixels[:, 20, 10] = 100
    taken = Emission(
        views=views,
        whole_body=True,
        dose_mbq=740.0,
        hours_after_injection=3.0,
        half_life_h=6.0,
        frame_s=(1200.0,) * len(views),
        scanned_h=5.0,
    )
    return Image(pixels, (1.0, 2.5, 2.5), "{counts}", modality="NM", emission=replace(taken, **emission))


def window(low: float, high: float) -> Dataset:
    """An energy window in keV."""
    span, item = Dataset(), Dataset()
    span.EnergyWindowLowerLimit, span.EnergyWindowUpperLimit = low, high
    item.EnergyWindowRangeSequence = [span]
    return item


def named(meaning: str) -> Dataset:
    """A code of which the meaning alone is given."""
    code = Dataset()
    code.CodeMeaning = meaning
    return code


def given(path: Path, **tags: Any) -> Path:
    """The file with elements of the drug set, the phantom's own name of it taken away."""
    dataset = dcmread(path)
    drug = dataset.RadiopharmaceuticalInformationSequence[0]
    del drug.Radiopharmaceutical
    for keyword, value in tags.items():
        setattr(drug, keyword, value)
    dataset.save_as(path)
    return path
