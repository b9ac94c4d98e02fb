"""Images and a case -> Record: which finder and which measures each modality gets."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from calcinet import __version__, weights_manifest
from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext
from calcinet.evidence.priors import Prior
from calcinet.examined import ExaminedImage
from calcinet.image import Image
from calcinet.measure.calibre.calibre import CalibreClasses
from calcinet.protocols.clinical_record import (
    alternatives,
    case_sentences,
    clinical,
    evidence,
    next_steps,
    posterior_sentence,
    suspicion,
)
from calcinet.protocols.ct.protocol import MEANINGS as CT_MEANINGS
from calcinet.protocols.ct.protocol import examine_ct
from calcinet.protocols.mammogram.protocol import MEANINGS as MAMMOGRAM_MEANINGS
from calcinet.protocols.mammogram.protocol import breasts, examine_mammogram
from calcinet.protocols.radiograph.protocol import MEANINGS as RADIOGRAPH_MEANINGS
from calcinet.protocols.radiograph.protocol import examine_radiograph
from calcinet.protocols.readings import readings
from calcinet.protocols.scintigram.change_sentences import with_changes
from calcinet.protocols.scintigram.protocol import MEANINGS as SCINTIGRAM_MEANINGS
from calcinet.protocols.scintigram.protocol import examine_scintigram
from calcinet.protocols.scintigram.sentences import predilection
from calcinet.protocols.summary import summary
from calcinet.record import CalibreCutoffs, Clinical, Evidence, ImageRecord, Meaning, ModelRecord, Record, Summary

Protocol = Callable[[Image, str, CalibreClasses], tuple[ImageRecord, ExaminedImage]]
"""An image, its id and the classes of its vessels -> what stands in the record, and what was marked."""

PROTOCOLS: Final[Mapping[str, Protocol]] = {
    "CR": examine_radiograph,
    "CT": examine_ct,
    "DX": examine_radiograph,
    "MG": examine_mammogram,
    "NM": examine_scintigram,
}
"""By DICOM modality."""

DEFAULT_CLASSES: Final = CalibreClasses()
"""Classes of vessels by calibre, where the caller has no others."""


def examine_image(
    image: Image, image_id: str, classes: CalibreClasses = DEFAULT_CLASSES
) -> tuple[ImageRecord, ExaminedImage]:
    """Examine one image by the protocol of its modality."""
    return PROTOCOLS[image.modality](image, image_id, classes)


def assemble(
    images: Sequence[ImageRecord],
    case: Case | None = None,
    *,
    prior: Prior | None = None,
    include_secondary: bool = False,
    classes: CalibreClasses = DEFAULT_CLASSES,
    scanned_h: Mapping[str, float] | None = None,
) -> Record:
    """One record of all images, examined and refused, and of the case where there is one.

    Parameters
    ----------
    images
        In the order of the record.
    case
        The patient beside them.
    prior
        Probability before the findings; without it there is no posterior.
    include_secondary
        Weigh figures that were read at second hand or are recalled, too.
    classes
        Those that the images' vessels were named by.
    scanned_h
        When each bone scan began, in hours on one clock, by image id: two of them are compared. Never written.
    """
    images = [_beside_case(image, case) for image in with_changes(images, scanned_h or {})]
    situation = PatientContext.of(case, readings(images))
    weighed = evidence(situation, prior=prior, include_secondary=include_secondary)
    return Record(
        version=__version__,
        model=ModelRecord(name=weights_manifest.NAME, sha256=weights_manifest.sha256()),
        summary=_summary(images, None if case is None else situation, weighed),
        images=tuple(images),
        breasts=breasts(images),
        calibre_cutoffs_mm=CalibreCutoffs(large=classes.large_mm, medium=classes.medium_mm, small=classes.small_mm),
        meanings=_meanings(images),
        clinical=Clinical() if case is None else clinical(case, situation.assessment),
        evidence=weighed,
        differential=alternatives(situation),
        advice=next_steps(situation),
    )


def _beside_case(image: ImageRecord, case: Case | None) -> ImageRecord:
    """A bone scan with the sentence on whether uptake lies where the lesions are."""
    told = None if case is None else predilection(image, case)
    return image if told is None else image.model_copy(update={"statements": (*image.statements, told)})


def _meanings(images: Sequence[ImageRecord]) -> dict[str, Meaning]:
    """What the measures of the modalities that were examined stand for."""
    examined = {image.modality for image in images if image.refused is None}
    declared = [RADIOGRAPH_MEANINGS] if examined - {"CT", "MG", "NM"} else []
    declared += [MAMMOGRAM_MEANINGS] if "MG" in examined else []
    declared += [CT_MEANINGS] if "CT" in examined else []
    declared += [SCINTIGRAM_MEANINGS] if "NM" in examined else []
    return {name: meaning for table in declared for name, meaning in table.items()}


def _summary(images: Sequence[ImageRecord], patient: PatientContext | None, weighed: Evidence) -> Summary:
    """The patient first, then the probability where there is one, then the images."""
    if patient is None:
        return Summary(sentences=(*posterior_sentence(weighed), *summary(images).sentences))
    of_images = summary(images).sentences if images else ()
    return Summary(
        suspicion=suspicion(patient.assessment),
        sentences=(*case_sentences(patient.assessment, weighed), *posterior_sentence(weighed), *of_images),
    )
