"""The marked film as a secondary capture: a picture that every viewer shows."""

import numpy as np
from highdicom.sc import SCImage
from highdicom.sr import CodedConcept
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.valuerep import DA, TM

from calcinet.report.dicom.common import contributing, finished, quietly, series, study_of
from calcinet.report.edition import Edition
from calcinet.report.source_reference import Sourced
from calcinet.vocabulary import Side


def secondary_capture(picture: NDArray[np.uint8], sourced: Sourced, issue: Edition, *, number: int = 1) -> Dataset:
    """Write a picture of a film with its marks.

    It has no pixel spacing: it is a picture with a scale bar, not a film to measure on.

    Parameters
    ----------
    picture
        Red, green and blue, shape (Y, X, 3).
    sourced
        The film and its header.
    issue
        Identifiers and time.
    number
        Instance Number.
    """
    parent = sourced.parent
    with quietly():
        made = SCImage(
            np.ascontiguousarray(picture),
            "RGB",
            8,
            "PATIENT",
            patient_orientation=("L", "F"),  # the library wants one; that of the film follows
            contributing_equipment=contributing(issue),
            **study_of(parent),
            **series("sc", parent, issue, number=number, instance=sourced.origin.instance),
        )
        made.PatientOrientation = parent.get("PatientOrientation")
        made.Laterality = _one_side(sourced.image.laterality)
        made.DateOfSecondaryCapture = DA(issue.when.date())
        made.TimeOfSecondaryCapture = TM(issue.when.time().replace(microsecond=0))
        made.SourceImageSequence = [_source(parent) for parent in sourced.instances]
        made.DerivationDescription = "Marks, numbers and a legend drawn by software on a picture of the source image"
        made.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
        made.BurnedInAnnotation = str(parent.get("BurnedInAnnotation") or "NO")
        return finished(made, sourced, issue)


def _one_side(laterality: Side | None) -> str:
    """Laterality (0020,0060): L, R, or empty; it has no word for both."""
    return laterality if laterality in ("L", "R") else ""


def _source(parent: Dataset) -> Dataset:
    """Reference to the film or to a slice (PS3.3 C.7.6.1.1.4), with what it was used for."""
    item = Dataset()
    item.ReferencedSOPClassUID = parent.SOPClassUID
    item.ReferencedSOPInstanceUID = parent.SOPInstanceUID
    item.PurposeOfReferenceCodeSequence = [CodedConcept.from_code(codes.DCM.SourceImageForImageProcessingOperation)]
    return item
