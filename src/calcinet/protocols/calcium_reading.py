"""A film, mammogram or CT of the record -> what of its calcium can be weighed."""

from dataclasses import replace

from calcinet.evidence.readings import Reading
from calcinet.measure.radiograph.visibility import CANNOT_TELL_MM
from calcinet.record import ImageRecord

Classes = tuple[str, ...] | None
"""Calibre classes of the vessels of an image; None where they are not known."""


def read_film(image: ImageRecord, reading: Reading) -> Reading:
    """What a film or mammogram shows; classes of its vessels are not known without the size of a pixel."""
    classes: Classes = name_classes(image)
    if classes and not image.size_known:
        classes = None
    return read_calcium(image, reading, classes)


def name_classes(image: ImageRecord) -> tuple[str, ...]:
    """Calibre class of each vessel."""
    return tuple(vessel.calibre_class or "not resolvable" for vessel in image.findings_of("vessel"))


def read_calcium(image: ImageRecord, reading: Reading, classes: Classes) -> Reading:
    """What an image shows of nets, vessels and other calcium.

    A net that was not marked is known to be absent only where lines as thin as `CANNOT_TELL_MM` were visible; an image
    that shows less is blind to finer calcium, whether or not a coarse net was marked on it.
    """
    shows_arterioles = image.resolvable_mm is not None and image.resolvable_mm <= CANNOT_TELL_MM
    net: bool | None = None
    if image.findings_of("net"):
        net = True
    elif shows_arterioles:
        net = False
    pixel_mm = None
    if image.spacing_mm is not None and image.size_known:
        pixel_mm = max(image.spacing_mm)
    return replace(
        reading,
        net=net,
        vessels=classes,
        soft_tissue=bool(image.findings_of("focus")),
        resolvable_mm=image.resolvable_mm,
        pixel_mm=pixel_mm,
        by_program=True,
        blind=not shows_arterioles,
    )
