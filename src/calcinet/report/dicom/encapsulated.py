"""The report as encapsulated PDF."""

from collections.abc import Sequence
from typing import Final

from highdicom.base import SOPClass
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.uid import EncapsulatedPDFStorage

from calcinet.report.dicom.common import contributing, finished, quietly, refer_to, refer_to_replaced, series, study_of
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.edition import Edition

TITLE: Final = CodedConcept("18748-4", "LN", "Diagnostic Imaging Report")
"""Concept Name of the document (CID 7020 allows it)."""


def encapsulated_pdf(paper: bytes, sourced: Sequence[SourcedImage], edition: Edition) -> Dataset:
    """Wrap a PDF (PS3.3 A.45.1), in the study of the first film.

    The paper tells of the patient, so that the same one lies in every study that was examined; its sources are the
    images of all of them (PS3.3 C.24.2, Source Instance Sequence, which names no study).

    Parameters
    ----------
    paper
        The PDF.
    sourced
        The films that it is about, at least one.
    edition
        Identifiers and time.
    """
    first = sourced[0]
    named = any(image.may_name_in_pixels for image in sourced)
    references = []
    for image in sourced:
        references += [refer_to(header) for header in image.instances]
    with quietly():
        made = SOPClass(
            sop_class_uid=EncapsulatedPDFStorage,
            modality="DOC",
            content_qualification="RESEARCH",
            **study_of(first.header),
            **series("pdf", first.header, edition),
        )
        made.ConversionType = "WSD"
        made.AcquisitionDateTime = ""
        made.BurnedInAnnotation = "YES" if named else "NO"
        made.RecognizableVisualFeatures = "NO"
        made.DocumentTitle = "calcinet: calcium outside bone (research)"
        made.ConceptNameCodeSequence = [TITLE]
        made.VerificationFlag = "UNVERIFIED"
        made.SourceInstanceSequence = references
        replaced = refer_to_replaced(edition, EncapsulatedPDFStorage, str(first.header.StudyInstanceUID))
        if replaced:
            made.PredecessorDocumentsSequence = [_name_predecessor(header) for header in replaced]
        made.ContributingEquipmentSequence = contributing(edition)
        made.MIMETypeOfEncapsulatedDocument = "application/pdf"
        made.EncapsulatedDocumentLength = len(paper)
        made.EncapsulatedDocument = paper + b"\0" * (len(paper) % 2)
        return finished(made, first, edition)


def _name_predecessor(header: Dataset) -> Dataset:
    """Reference to a document by study and series (PS3.3 C.17.2.1)."""
    within = Dataset()
    within.SeriesInstanceUID = header.SeriesInstanceUID
    within.ReferencedSOPSequence = [refer_to(header)]
    item = Dataset()
    item.StudyInstanceUID = header.StudyInstanceUID
    item.ReferencedSeriesSequence = [within]
    return item
