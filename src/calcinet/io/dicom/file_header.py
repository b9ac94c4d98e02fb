"""What is known of a DICOM file before its pixels are touched."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from calcinet.io.dicom.defined_terms import known_modality
from calcinet.io.dicom.header import items, parse, quiet, text
from calcinet.io.dicom.patient_identity import Person, person_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHeader:
    """Identity and kind of a DICOM file."""

    dataset: Dataset
    modality: str | None
    """None where the file names none, or none that the standard defines: any other word may be a name."""
    person: Person | None
    instance: str
    """SOP Instance UID."""
    made_from: frozenset[str]
    """SOP Instance UIDs of the images that this one was made from."""
    for_processing: bool
    sloppy: bool
    """Whether the parser complained."""


def read_header(data: bytes) -> FileHeader:
    """Parse a DICOM file as far as identity and kind.

    Raises
    ------
    Unreadable
        If the bytes do not make a data set.
    """
    with quiet() as heard:
        dataset = parse(data)
        made_from = {text(item, "ReferencedSOPInstanceUID") for item in items(dataset, "SourceImageSequence")}
        return FileHeader(
            dataset=dataset,
            modality=known_modality(text(dataset, "Modality")),
            person=person_of(dataset),
            instance=text(dataset, "SOPInstanceUID"),
            made_from=frozenset(made_from - {""}),
            for_processing=text(dataset, "PresentationIntentType").upper() == "FOR PROCESSING",
            sloppy=bool(heard),
        )
