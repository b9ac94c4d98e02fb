"""The report as encapsulated PDF."""

from collections.abc import Sequence
from typing import Final

from highdicom.base import SOPClass
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.uid import EncapsulatedPDFStorage

from calcinet.report.dicom.common import contributing, finished, quietly, series, study_of
from calcinet.report.edition import Edition
from calcinet.report.source_reference import Sourced, shows_burned_in

TITLE: Final = CodedConcept("18748-4", "LN", "Diagnostic Imaging Report")
"""Concept Name of the document (CID 7020 allows it)."""


def encapsulated_pdf(paper: bytes, sourced: Sequence[Sourced], issue: Edition) -> Dataset:
    """Wrap a PDF (PS3.3 A.45.1), in the study of the first film.

    Parameters
    ----------
    paper
        The PDF.
    sourced
        The films that it is about, at least one.
    issue
        Identifiers and time.
    """
    first = sourced[0]
    with quietly():
        made = SOPClass(
            sop_class_uid=EncapsulatedPDFStorage,
            modality="DOC",
            content_qualification="RESEARCH",
            **study_of(first.parent),
            **series("pdf", first.parent, issue),
        )
        made.ConversionType = "WSD"
        made.AcquisitionDateTime = ""
        made.BurnedInAnnotation = "YES" if any(shows_burned_in(one.parent) for one in sourced) else "NO"
        made.RecognizableVisualFeatures = "NO"
        made.DocumentTitle = "calcinet: calcium outside bone (research)"
        made.ConceptNameCodeSequence = [TITLE]
        made.VerificationFlag = "UNVERIFIED"
        made.SourceInstanceSequence = [_reference(parent) for one in sourced for parent in one.instances]
        made.ContributingEquipmentSequence = contributing(issue)
        made.MIMETypeOfEncapsulatedDocument = "application/pdf"
        made.EncapsulatedDocumentLength = len(paper)
        made.EncapsulatedDocument = paper + b"\0" * (len(paper) % 2)
        return finished(made, first, issue)


def _reference(parent: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = parent.SOPClassUID
    item.ReferencedSOPInstanceUID = parent.SOPInstanceUID
    return item
