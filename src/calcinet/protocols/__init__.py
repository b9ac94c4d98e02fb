"""Images -> Record: which finder and which measures each modality gets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet import __version__, model
from calcinet.image import Image
from calcinet.measure.calibre import CalibreClasses
from calcinet.protocols.radiograph import MEANINGS, examine_radiograph
from calcinet.protocols.words import summary
from calcinet.record import CalibreCutoffs, ImageRecord, ModelRecord, Record

Protocol = Callable[[Image, str], tuple[ImageRecord, NDArray[np.uint8]]]
"""An image and its id -> what stands in the record, and the label map."""

PROTOCOLS: Final[Mapping[str, Protocol]] = {
    "CR": examine_radiograph,
    "DX": examine_radiograph,
    "MG": examine_radiograph,
}
"""By DICOM modality."""


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedImage:
    """An image and what was marked on it, for pictures and masks."""

    plane: NDArray[np.float32]
    """Shape (Y, X), rising with attenuation."""
    mask: NDArray[np.uint8]
    """Label map, same shape."""


def examine_image(image: Image, image_id: str) -> tuple[ImageRecord, ExaminedImage]:
    """Examine one image by the protocol of its modality."""
    record, labels = PROTOCOLS[image.modality](image, image_id)
    return record, ExaminedImage(image.plane, labels)


def assemble(images: Sequence[ImageRecord]) -> Record:
    """One record of all images, examined and refused."""
    classes = CalibreClasses()
    return Record(
        version=__version__,
        model=ModelRecord(name=model.NAME, sha256=model.sha256()),
        summary=summary(images),
        images=tuple(images),
        calibre_cutoffs_mm=CalibreCutoffs(large=classes.large_mm, medium=classes.medium_mm, small=classes.small_mm),
        meanings=MEANINGS if any(image.refused is None for image in images) else {},
    )
