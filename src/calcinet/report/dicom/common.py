"""What all objects share: whose they are, who made them, and silence about names while they are built."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from highdicom import AlgorithmIdentificationSequence, ContributingEquipment
from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian

from calcinet.record import ImageRecord
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.edition import MANUFACTURER, MODEL, Edition
from calcinet.report.quantities.codes import Code, scheme

SERIES_NUMBER: Final = {"sr": 9101, "seg": 9102, "sc": 9103, "pdf": 9104}
"""Our choice: higher than scanners count, so that the objects stand at the end of a study."""

DESCRIPTION: Final = {
    "sr": "calcinet measurements (research)",
    "seg": "calcinet marks (research)",
    "sc": "calcinet marked films (research)",
    "pdf": "calcinet report (research)",
}
"""Series Description, which viewers list."""

CARRIED: Final = (
    "IssuerOfPatientID",
    "TimezoneOffsetFromUTC",
    "PatientIdentityRemoved",
    "DeidentificationMethod",
    "DeidentificationMethodCodeSequence",
)
"""Of the film's header, where it has them: whose number the patient's is, in which zone times are told, and whether it
was made anonymous."""


@contextmanager
def quietly() -> Iterator[None]:
    """Build objects without the warnings of the libraries: they quote values, and so names."""
    loggers = _find_loggers()
    were_disabled = [logger.disabled for logger in loggers]
    try:
        for logger in loggers:
            logger.disabled = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, was_disabled in zip(loggers, were_disabled, strict=True):
            logger.disabled = was_disabled


def _find_loggers() -> list[logging.Logger]:
    """The loggers of pydicom and highdicom, and those of highdicom's modules."""
    loggers = [logging.getLogger("pydicom"), logging.getLogger("highdicom")]
    for name, child in logging.root.manager.loggerDict.items():
        if name.startswith("highdicom.") and isinstance(child, logging.Logger):
            loggers.append(child)
    return loggers


def concept(code: Code) -> CodedConcept:
    """Make highdicom's concept of a code."""
    return CodedConcept(code.value, code.scheme, code.meaning)


def own_scheme() -> CodingSchemeIdentificationItem:
    """Identify the scheme of our own codes (PS3.3 C.12.1.1.7)."""
    ours = scheme()
    return CodingSchemeIdentificationItem(ours["designator"], name=ours["name"], responsible_organization=MANUFACTURER)


def series(what: str, header: Dataset, edition: Edition, *, number: int = 1, instance: str = "") -> dict[str, Any]:
    """Arguments of every object: identifiers, equipment and times.

    Parameters
    ----------
    what
        sr, seg, sc or pdf.
    header
        Of the study that the object belongs to.
    edition
        Identifiers and time.
    number
        Instance Number.
    instance
        SOP Instance UID of the image that the object is of; empty for one of the whole study.
    """
    study = str(header.StudyInstanceUID)
    return {
        "series_instance_uid": edition.uid(study, what, "series"),
        "series_number": SERIES_NUMBER[what],
        "sop_instance_uid": edition.uid(instance or study, what),
        "instance_number": number,
        "manufacturer": MANUFACTURER,
        "content_date": made_when(header, edition).date(),
        "content_time": made_when(header, edition).time().replace(microsecond=0),
        "series_description": describe_series(what, edition),
        "transfer_syntax_uid": ExplicitVRLittleEndian,
    }


def describe_series(what: str, edition: Edition) -> str:
    """Series Description, at most 64 letters: what viewers list, so that it says which edition is the latest."""
    number = edition.succession.number
    if number == 1:
        return DESCRIPTION[what]
    return f"{DESCRIPTION[what]}, edition {number}"


def refer_to_replaced(edition: Edition, sop_class: str, study: str) -> list[Dataset]:
    """Headers of the objects of a kind and a study that an edition takes the place of, for what refers to them."""
    headers = []
    for sent in edition.succession.list_replaced(sop_class, study):
        header = Dataset()
        header.SOPClassUID, header.SOPInstanceUID = sent.sop_class, sent.instance
        header.StudyInstanceUID, header.SeriesInstanceUID = sent.study, sent.series
        headers.append(header)
    return headers


def made_when(header: Dataset, edition: Edition) -> datetime:
    """When an object was made, on the clock of its study where that states its offset from UTC, else on UTC.

    All days and times of an object are of one zone, those of the study among them (PS3.3 C.12.1.1.8).
    """
    offset = header.get("TimezoneOffsetFromUTC")
    if not offset:
        return edition.when
    return edition.when.astimezone(datetime.strptime(offset, "%z").tzinfo)


def study_of(header: Dataset) -> dict[str, Any]:
    """Arguments that say whose an object is and which study it belongs to."""
    return {
        "study_instance_uid": str(header.StudyInstanceUID),
        "patient_id": header.PatientID,
        "patient_name": header.PatientName or None,
        "patient_birth_date": header.PatientBirthDate or None,
        "patient_sex": header.PatientSex or None,
        "accession_number": header.AccessionNumber,
        "study_id": header.StudyID,
        "study_date": header.StudyDate or None,
        "study_time": header.StudyTime or None,
        "referring_physician_name": header.ReferringPhysicianName or None,
    }


def family(image: ImageRecord) -> CodedConcept:
    """Say how the marks of an image were found (CID 7162): on a film by a network, on CT and bone scans by rules.

    Those rules are a threshold and the shapes of the parts above it, of which morphology is the closest name.
    """
    if _is_found_by_rules(image):
        return CodedConcept.from_code(codes.cid7162.MorphologicalOperations)
    return CodedConcept.from_code(codes.cid7162.ArtificialIntelligence)


def parameters(image: ImageRecord, edition: Edition) -> dict[str, str]:
    """Give the digest of the weights of the network that marked the image; nothing where none did."""
    weights: str | None = edition.weights
    if image.breast is not None:
        weights = image.breast.detector_sha256
    if not weights or _is_found_by_rules(image):
        return {}
    return {"weights_sha256": weights}


def _is_found_by_rules(image: ImageRecord) -> bool:
    return image.ct is not None or image.scintigram is not None


def algorithm(image: ImageRecord, edition: Edition) -> AlgorithmIdentificationSequence:
    """Name calcinet, its version, how it marked the image, and the weights that it used for it (PS3.3 10.16)."""
    return AlgorithmIdentificationSequence(
        name=MODEL,
        family=family(image),
        version=edition.version,
        source=MANUFACTURER,
        parameters=parameters(image, edition) or None,
    )


def contributing(edition: Edition) -> list[ContributingEquipment]:
    """Name the software that made an object (PS3.3 C.12.1, Contributing Equipment)."""
    return [
        ContributingEquipment(
            MANUFACTURER,
            codes.DCM.ProcessingEquipment,
            manufacturer_model_name=MODEL,
            software_versions=edition.version,
            contribution_datetime=edition.when,
        )
    ]


def refer_to(header: Dataset) -> Dataset:
    """Make the reference to the instance that a header is of (PS3.3 10.8)."""
    item = Dataset()
    item.ReferencedSOPClassUID = header.SOPClassUID
    item.ReferencedSOPInstanceUID = header.SOPInstanceUID
    return item


def finished(made: Dataset, sourced: SourcedImage, edition: Edition) -> Dataset:
    """Set what is alike on every object once it is built: its time, its maker, its letters, whether it is anonymous."""
    made.SpecificCharacterSet = "ISO_IR 192"
    when = made_when(sourced.header, edition)
    made.InstanceCreationDate = when.strftime("%Y%m%d")
    made.InstanceCreationTime = when.strftime("%H%M%S")
    made.SoftwareVersions = edition.version
    made.ManufacturerModelName = MODEL
    made.DeviceSerialNumber = edition.weights[:16] or "none"
    for item in made.get("ContributingEquipmentSequence", ()):
        item.ContributionDateTime = when.strftime("%Y%m%d%H%M%S%z")  # the library's own entry has its own clock
    for keyword in CARRIED:
        if keyword in sourced.header:
            made[keyword] = sourced.header[keyword]
    return made
