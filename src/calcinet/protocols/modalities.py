"""What is done with images of each modality: one table, in place of questions asked wherever an image is used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from calcinet import weights_manifest
from calcinet.clinical.case import Case
from calcinet.evidence.readings import Modality, Reading
from calcinet.examined import ExaminedImage
from calcinet.image import Image
from calcinet.measure.calibre.classes import DEFAULT_CLASSES, CalibreClasses
from calcinet.protocols.calcium_reading import read_film
from calcinet.protocols.corrections import NOTHING, Corrections, check_corrections, note_corrections
from calcinet.protocols.ct.meanings import MEANINGS as CT_MEANINGS
from calcinet.protocols.ct.protocol import examine_ct
from calcinet.protocols.ct.reading import read_ct
from calcinet.protocols.ct.sentences import describe_ct
from calcinet.protocols.groundwork import Groundwork
from calcinet.protocols.mammogram.meanings import MEANINGS as MAMMOGRAM_MEANINGS
from calcinet.protocols.mammogram.protocol import examine_mammogram
from calcinet.protocols.mammogram.sentences import describe_mammogram
from calcinet.protocols.radiograph.meanings import MEANINGS as RADIOGRAPH_MEANINGS
from calcinet.protocols.radiograph.protocol import examine_radiograph
from calcinet.protocols.radiograph.sentences import describe_radiograph
from calcinet.protocols.scintigram.lesion_sentences import compare_with_lesions
from calcinet.protocols.scintigram.meanings import MEANINGS as SCINTIGRAM_MEANINGS
from calcinet.protocols.scintigram.protocol import examine_scintigram
from calcinet.protocols.scintigram.reading import read_scintigram
from calcinet.protocols.scintigram.sentences import describe_scintigram
from calcinet.protocols.square_pixels import Examine, on_square_pixels
from calcinet.record import ImageRecord, Meaning


def _compare_nothing(image: ImageRecord, case: Case) -> tuple[str, ...]:
    """An image of which nothing is said beside the case."""
    del image, case
    return ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Protocol:
    """What is done with images of one modality."""

    kind: Modality
    """What the weighing calls it."""

    examine: Examine
    """An image, its id, the classes of its vessels, a reader's corrections, what is known of it -> its record, and what
    was marked on it."""

    meanings: Mapping[str, Meaning]
    """Label, unit and code of its measures."""

    describe: Callable[[ImageRecord], Sequence[str]]
    """What was found on one image, for the summary."""

    read: Callable[[ImageRecord, Reading], Reading]
    """What of one image can be weighed, added to a reading that names the image and its site."""

    compare_with_case: Callable[[ImageRecord, Case], tuple[str, ...]] = _compare_nothing
    """What one image shows beside the case."""


RADIOGRAPH: Final = Protocol(
    kind="film",
    examine=on_square_pixels(examine_radiograph),
    meanings=RADIOGRAPH_MEANINGS,
    describe=lambda image: describe_radiograph(image, weights_manifest.artery_recall()),
    read=read_film,
)

MAMMOGRAM: Final = Protocol(
    kind="mammogram",
    examine=on_square_pixels(examine_mammogram),
    meanings=MAMMOGRAM_MEANINGS,
    describe=describe_mammogram,
    read=read_film,
)

CT: Final = Protocol(
    kind="CT",
    examine=examine_ct,
    meanings=CT_MEANINGS,
    describe=describe_ct,
    read=read_ct,
)

SCINTIGRAM: Final = Protocol(
    kind="bone scan",
    examine=examine_scintigram,
    meanings=SCINTIGRAM_MEANINGS,
    describe=describe_scintigram,
    read=read_scintigram,
    compare_with_case=compare_with_lesions,
)

PROTOCOLS: Final[Mapping[str, Protocol]] = {
    "CR": RADIOGRAPH,
    "DX": RADIOGRAPH,
    "MG": MAMMOGRAM,
    "CT": CT,
    "NM": SCINTIGRAM,
}
"""By DICOM modality, in the order in which the record lists their measures."""


def protocol_of(image: ImageRecord) -> Protocol:
    """Protocol of an image of the record; one that names no modality is a film."""
    return PROTOCOLS.get(image.modality, RADIOGRAPH)


def examine_image(
    image: Image,
    image_id: str,
    classes: CalibreClasses = DEFAULT_CLASSES,
    corrections: Corrections = NOTHING,
    groundwork: Groundwork | None = None,
) -> tuple[ImageRecord, ExaminedImage]:
    """Examine one image by the protocol of its modality."""
    return PROTOCOLS[image.modality].examine(image, image_id, classes, corrections, groundwork)


def correct_image(
    image: Image,
    found: ImageRecord,
    classes: CalibreClasses,
    corrections: Corrections,
    groundwork: Groundwork | None = None,
) -> tuple[ImageRecord, ExaminedImage]:
    """Measure one image again with what a reader corrected; both values of what changes are said.

    With the groundwork of its examination nothing is sought again; without it all is, and the answer is the same.

    Raises
    ------
    BadInput
        If something cannot be corrected so.
    """
    check_corrections(found, corrections)
    record, examined = examine_image(image, found.id, classes, corrections, groundwork)
    return note_corrections(record, found, corrections, protocol_of(found).meanings), examined


def compare_with_case(image: ImageRecord, case: Case) -> ImageRecord:
    """An image with what it shows beside the case as its last statements."""
    compared = protocol_of(image).compare_with_case(image, case)
    if not compared:
        return image
    return image.model_copy(update={"statements": (*image.statements, *compared)})


def collect_meanings(images: Sequence[ImageRecord]) -> dict[str, Meaning]:
    """Label, unit and code of the measures of every modality that was examined."""
    examined = {protocol_of(image).kind for image in images if image.refused is None}
    meanings: dict[str, Meaning] = {}
    for protocol in PROTOCOLS.values():
        if protocol.kind in examined:
            meanings.update(protocol.meanings)
    return meanings
