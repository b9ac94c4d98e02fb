"""Examined images -> what of them can be weighed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from calcinet.evidence.readings import Modality, Reading
from calcinet.measure.radiograph.visibility import CANNOT_TELL_MM
from calcinet.record import ImageRecord

MODALITY: Final[dict[str, Modality]] = {"CR": "film", "DX": "film", "MG": "mammogram", "CT": "CT", "NM": "bone scan"}
"""DICOM modality in words."""

REPEATED: Final = frozenset({"duplicate", "duplicate-presentation", "other-series", "localizer"})
"""Refusals of an image beside which another one of the same counts."""


def readings(images: Sequence[ImageRecord]) -> tuple[Reading, ...]:
    """One reading an image; a refused film of a known kind was one that could not tell anything."""
    return tuple(_reading(image) for image in images if image.modality in MODALITY and not _repeated(image))


def _repeated(image: ImageRecord) -> bool:
    return image.refused is not None and image.refused.code in REPEATED


def _reading(image: ImageRecord) -> Reading:
    film = Reading(image.id, MODALITY[image.modality], image.anatomy, image.laterality)
    if image.refused is not None:
        return film
    if image.scintigram is not None:
        return replace(film, by_program=True, measured=image.scintigram.grade is not None)
    could_show = image.resolvable_mm is not None and image.resolvable_mm <= CANNOT_TELL_MM
    nets = [finding for finding in image.findings if finding.kind == "net"]
    return Reading(
        id=film.id,
        modality=film.modality,
        site=film.site,
        side=film.side,
        net=True if nets else False if could_show else None,
        vessels=_vessels(image),
        soft_tissue=any(finding.kind == "focus" for finding in image.findings),
        contrast=image.ct.contrast if image.ct else None,
        resolvable_mm=image.resolvable_mm,
        pixel_mm=None if image.spacing_mm is None else max(image.spacing_mm),
        by_program=True,
        blind=not could_show and not nets,
    )


def _vessels(image: ImageRecord) -> tuple[str, ...] | None:
    """Classes of the vessels, not known without the size of a pixel.

    On a CT arteries under the fascia are medium at least, and contrast agent hides some.
    """
    classes = tuple(found.calibre_class or "not resolvable" for found in image.findings if found.kind == "vessel")
    if image.ct is None:
        return None if classes and image.spacing_mm is None else classes
    if any(found.compartment == "artery" for found in image.findings):
        return (*classes, "medium")
    return None if image.ct.contrast else classes
