"""The two views of one whole-body scan that lie in two files: found to belong together, and put into one image."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.image import Image, Projection
from calcinet.io.dicom.header import number, text
from calcinet.io.refusal import fingerprint, source_name
from calcinet.io.scintigram.image_type import WHOLE_BODY, kind_of
from calcinet.io.scintigram.timing import began_h
from calcinet.io.scintigram.views import view_of_detector

SAME_SCAN_H: Final = 1.0
"""Two views that began closer together are of one scan. Our choice: a pass over the body takes twenty minutes."""

SHARED: Final = ("StudyInstanceUID", "Rows", "Columns", "PixelSpacing")
"""Elements that are equal in both files of one scan."""

DAY: Final = "AcquisitionDate"
"""Equal as well where the hour is not known; else midnight may lie between the views."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewKey:
    """What tells whether two files are the two views of one scan."""

    view: Projection
    scan: tuple[str, ...]
    scanned_h: float

    def completes(self, other: "ViewKey") -> bool:
        """Whether this is the posterior view to that anterior one."""
        if (other.view, self.view) != ("anterior", "posterior"):
            return False
        return self.scan == other.scan and abs(self.scanned_h - other.scanned_h) < SAME_SCAN_H


def view_key(dataset: Dataset) -> ViewKey | None:
    """The key of a whole-body file of a single, named view; None for every other file."""
    if kind_of(dataset) != WHOLE_BODY or int(number(dataset, "NumberOfFrames") or 1) > 1:
        return None
    view = view_of_detector(dataset, 1)
    if view not in ("anterior", "posterior"):
        return None
    scan, hour = tuple(text(dataset, keyword) for keyword in SHARED), began_h(dataset)
    if hour is None:
        scan, hour = (*scan, text(dataset, DAY)), 0.0
    return ViewKey(view=view, scan=scan, scanned_h=hour)


def join_views(anterior: Image, posterior: Image) -> Image:
    """Put the two views of one scan, read from two files, into one image."""
    first, second = anterior.emission, posterior.emission
    counts_stated = None
    if first.counts_stated is not None and second.counts_stated is not None:
        counts_stated = first.counts_stated + second.counts_stated
    emission = replace(
        first,
        views=first.views + second.views,
        frame_s=first.frame_s + second.frame_s,
        counts_stated=counts_stated,
    )
    sha256 = fingerprint((anterior.sha256 + posterior.sha256).encode())
    return replace(
        anterior,
        sha256=sha256,
        source=source_name(sha256, ".dcm"),
        pixels=np.concatenate([anterior.pixels, posterior.pixels]),
        view=" + ".join(emission.views),
        cautions=tuple(dict.fromkeys((*anterior.cautions, *posterior.cautions))),
        emission=emission,
    )
