"""What all objects share: whose they are, who made them, and silence about names while they are built."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from highdicom import AlgorithmIdentificationSequence, ContributingEquipment
from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian

from calcinet.record import ImageRecord
from calcinet.report.edition import MANUFACTURER, MODEL, Edition
from calcinet.report.quantities.codes import Code, scheme
from calcinet.report.source_reference import Sourced

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
    "PatientIdentityRemoved",
    "DeidentificationMethod",
    "DeidentificationMethodCodeSequence",
)
"""Of the film's header, where it has them: whose number the patient's is, and whether it was made anonymous."""


@contextmanager
def quietly() -> Iterator[None]:
    """Build objects without the warnings of the libraries: they quote values, and so names."""
    logs = [logging.getLogger(name) for name in ("pydicom", "highdicom")]
    was = [log.disabled for log in logs]
    noisy = [child for name, child in logging.root.manager.loggerDict.items() if name.startswith("highdicom.")]
    loggers = [child for child in noisy if isinstance(child, logging.Logger)]
    was_noisy = [log.disabled for log in loggers]
    try:
        for log in (*logs, *loggers):
            log.disabled = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for log, disabled in zip((*logs, *loggers), (*was, *was_noisy), strict=True):
            log.disabled = disabled


def concept(code: Code) -> CodedConcept:
    """Make highdicom's concept of a code."""
    return CodedConcept(code.value, code.scheme, code.meaning)


def own_scheme() -> CodingSchemeIdentificationItem:
    """Identify the scheme of our own codes (PS3.3 C.12.1.1.7)."""
    ours = scheme()
    return CodingSchemeIdentificationItem(ours["designator"], name=ours["name"], responsible_organization=MANUFACTURER)


def series(what: str, parent: Dataset, issue: Edition, *, number: int = 1, instance: str = "") -> dict[str, Any]:
    """Arguments of every object: identifiers, equipment and times.

    Parameters
    ----------
    what
        sr, seg, sc or pdf.
    parent
        Of the study that the object belongs to.
    issue
        Identifiers and time.
    number
        Instance Number.
    instance
        SOP Instance UID of the image that the object is of; empty for one of the whole study.
    """
    study = str(parent.StudyInstanceUID)
    return {
        "series_instance_uid": issue.uid(study, what, "series"),
        "series_number": SERIES_NUMBER[what],
        "sop_instance_uid": issue.uid(instance or study, what),
        "instance_number": number,
        "manufacturer": MANUFACTURER,
        "content_date": issue.when.date(),
        "content_time": issue.when.time().replace(microsecond=0),
        "series_description": DESCRIPTION[what],
        "transfer_syntax_uid": ExplicitVRLittleEndian,
    }


def study_of(parent: Dataset) -> dict[str, Any]:
    """Arguments that say whose an object is and which study it belongs to."""
    return {
        "study_instance_uid": str(parent.StudyInstanceUID),
        "patient_id": parent.PatientID,
        "patient_name": parent.PatientName or None,
        "patient_birth_date": parent.PatientBirthDate or None,
        "patient_sex": parent.PatientSex or None,
        "accession_number": parent.AccessionNumber,
        "study_id": parent.StudyID,
        "study_date": parent.StudyDate or None,
        "study_time": parent.StudyTime or None,
        "referring_physician_name": parent.ReferringPhysicianName or None,
    }


def family(image: ImageRecord) -> CodedConcept:
    """Say how the marks of an image were found (CID 7162): on a film by a network, on CT and bone scans by rules.

    Those rules are a threshold and the shapes of the parts above it, of which morphology is the closest name.
    """
    found = codes.cid7162.MorphologicalOperations if _by_rules(image) else codes.cid7162.ArtificialIntelligence
    return CodedConcept.from_code(found)


def parameters(image: ImageRecord, issue: Edition) -> dict[str, str]:
    """Give the digest of the weights of the network that marked the image; nothing where none did."""
    weights = issue.weights if image.breast is None else image.breast.detector_sha256
    return {"weights_sha256": weights} if weights and not _by_rules(image) else {}


def _by_rules(image: ImageRecord) -> bool:
    return image.ct is not None or image.scintigram is not None


def algorithm(image: ImageRecord, issue: Edition) -> AlgorithmIdentificationSequence:
    """Name calcinet, its version, how it marked the image, and the weights that it used for it (PS3.3 10.16)."""
    return AlgorithmIdentificationSequence(
        name=MODEL,
        family=family(image),
        version=issue.version,
        source=MANUFACTURER,
        parameters=parameters(image, issue) or None,
    )


def contributing(issue: Edition) -> list[ContributingEquipment]:
    """Name the software that made an object (PS3.3 C.12.1, Contributing Equipment)."""
    return [
        ContributingEquipment(
            MANUFACTURER,
            codes.DCM.ProcessingEquipment,
            manufacturer_model_name=MODEL,
            software_versions=issue.version,
            contribution_datetime=issue.when,
        )
    ]


def finished(made: Dataset, sourced: Sourced, issue: Edition) -> Dataset:
    """Set what is alike on every object once it is built: its time, its maker, its letters, whether it is anonymous."""
    made.SpecificCharacterSet = "ISO_IR 192"
    made.InstanceCreationDate = issue.when.strftime("%Y%m%d")
    made.InstanceCreationTime = issue.when.strftime("%H%M%S")
    made.TimezoneOffsetFromUTC = issue.when.strftime("%z") or "+0000"
    made.SoftwareVersions = issue.version
    made.ManufacturerModelName = MODEL
    made.DeviceSerialNumber = issue.weights[:16] or "none"
    for item in made.get("ContributingEquipmentSequence", ()):
        item.ContributionDateTime = issue.when.strftime("%Y%m%d%H%M%S")  # the library's own entry has its own clock
    for keyword in CARRIED:
        if keyword in sourced.parent:
            made[keyword] = sourced.parent[keyword]
    return made
