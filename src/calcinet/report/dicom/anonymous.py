"""A header without who the patient is: the Basic Application Level Confidentiality Profile (PS3.15 E.2)."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, Final

from dicomanonymizer.simpledicomanonymizer import anonymize_dataset, initialize_actions_2024b
from highdicom.sr import CodedConcept
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from calcinet.report.dicom.common import quietly
from calcinet.report.edition import derived_uid

IDENTIFIERS: Final = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID")
"""Replaced by ours instead of by chance, so that a second run gives the same."""

KEPT: Final = ("SOPClassUID", "Modality", "Laterality", "ImageLaterality", "BodyPartExamined", "PatientOrientation")
"""They say what the film shows, not of whom; the profile keeps them too."""

NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands where an object must say when it was made: the profile leaves no true date."""


def anonymous_header(header: Dataset) -> Dataset:
    """Strip a header before objects are built from it, so that nothing of the patient can reach them.

    Identifiers are replaced by ones derived from them: the same for the same film, so that the objects of one study
    stay together; who has the film's own identifier can recognise it, nobody else.
    """
    stripped = deepcopy(header)
    rules: dict[tuple[int, int], Any] = {}
    for keyword in IDENTIFIERS:
        rules[_find_tag(keyword)] = _derive
    for keyword in KEPT:
        rules[_find_tag(keyword)] = _keep
    with quietly():
        anonymize_dataset(stripped, rules, base_rules_gen=initialize_actions_2024b)
    for element in stripped:
        if element.keyword not in IDENTIFIERS and element.value != header[element.tag].value:
            element.value = None  # the library puts made-up values, which could be believed
    _mark(stripped)
    return stripped


def _mark(stripped: Dataset) -> None:
    """Say that it was done, and how (PS3.3 C.7.1.1, CID 7050)."""
    stripped.PatientIdentityRemoved = "YES"
    stripped.DeidentificationMethod = "PS3.15 Basic Application Level Confidentiality Profile"
    stripped.DeidentificationMethodCodeSequence = [
        CodedConcept.from_code(codes.DCM.BasicApplicationConfidentialityProfile)
    ]


def _derive(header: Dataset, tag: tuple[int, int]) -> None:
    element = header.get(tag)
    if element is not None and element.value:
        element.value = derived_uid("anonymous", str(element.value))


def _keep(header: Dataset, tag: tuple[int, int]) -> None:
    """Leave an element as it is."""


def _find_tag(keyword: str) -> tuple[int, int]:
    number = tag_for_keyword(keyword)
    assert number is not None
    return number >> 16, number & 0xFFFF
