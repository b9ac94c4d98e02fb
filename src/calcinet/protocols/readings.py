"""Images of the record -> what of them can be weighed."""

from collections.abc import Sequence
from typing import Final

from calcinet.evidence.readings import Reading
from calcinet.protocols.modalities import PROTOCOLS
from calcinet.record import ImageRecord

REPEATED: Final = frozenset({"duplicate", "duplicate-presentation", "other-series", "localizer"})
"""Codes of refused images beside which another one of the same counts."""


def collect_readings(images: Sequence[ImageRecord]) -> tuple[Reading, ...]:
    """One reading an image; a refused image of a known kind was one that could not tell anything."""
    readings = []
    for image in images:
        if image.modality not in PROTOCOLS or _is_repeated(image):
            continue
        readings.append(_read_image(image))
    return tuple(readings)


def _is_repeated(image: ImageRecord) -> bool:
    return image.refused is not None and image.refused.code in REPEATED


def _read_image(image: ImageRecord) -> Reading:
    protocol = PROTOCOLS[image.modality]
    reading = Reading(id=image.id, modality=protocol.kind, site=image.anatomy, side=image.laterality)
    if image.refused is not None:
        return reading
    return protocol.read(image, reading)
