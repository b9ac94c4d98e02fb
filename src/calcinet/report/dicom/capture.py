"""The marked film as a secondary capture: a picture that every viewer shows."""

import numpy as np
from highdicom.sc import SCImage
from highdicom.sr import CodedConcept
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.valuerep import DA, TM

from calcinet.report.dicom.common import contributing, finished, made_when, quietly, refer_to, series, study_of
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.edition import Edition
from calcinet.vocabulary import Side


def secondary_capture(
    picture: NDArray[np.uint8], sourced: SourcedImage, edition: Edition, *, number: int = 1
) -> Dataset:
    """Write a picture of a film with its marks.

    It has no pixel spacing: it is a picture with a scale bar, not a film to measure on.

    Parameters
    ----------
    picture
        Red, green and blue, shape (Y, X, 3).
    sourced
        The film and its header.
    edition
        Identifiers and time.
    number
        Instance Number.
    """
    header = sourced.header
    with quietly():
        made = SCImage(
            np.ascontiguousarray(picture),
            "RGB",
            8,
            "PATIENT",
            patient_orientation=("L", "F"),  # the library wants one; that of the film follows
            contributing_equipment=contributing(edition),
            **study_of(header),
            **series("sc", header, edition, number=number, instance=sourced.origin.instance),
        )
        made.PatientOrientation = header.get("PatientOrientation")
        made.Laterality = _choose_side(sourced.record.laterality)
        when = made_when(header, edition)
        made.DateOfSecondaryCapture = DA(when.date())
        made.TimeOfSecondaryCapture = TM(when.time().replace(microsecond=0))
        made.SourceImageSequence = [_refer_to_source(header) for header in sourced.instances]
        made.DerivationDescription = "Marks, numbers and a legend drawn by software on a picture of the source image"
        made.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
        made.BurnedInAnnotation = str(header.get("BurnedInAnnotation") or "NO")
        return finished(made, sourced, edition)


def _choose_side(laterality: Side | None) -> str:
    """Laterality (0020,0060): L, R, or empty; it has no word for both."""
    if laterality in ("L", "R"):
        return laterality
    return ""


def _refer_to_source(header: Dataset) -> Dataset:
    """Reference to the film or to a slice (PS3.3 C.7.6.1.1.4), with what it was used for."""
    item = refer_to(header)
    item.PurposeOfReferenceCodeSequence = [CodedConcept.from_code(codes.DCM.SourceImageForImageProcessingOperation)]
    return item
