"""What an object made from a DICOM image repeats of its header, so that archives file both together."""

import re
from datetime import datetime
from typing import Any, Final

from pydicom import config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import UID
from pydicom.valuerep import format_number_as_ds

from calcinet.io.dicom.defined_terms import is_repeatable
from calcinet.io.dicom.header import quiet, tag, text, texts
from calcinet.io.dicom.moment import zone_of

REQUIRED: Final = ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
"""Without these nothing can refer to the image (PS3.3 C.12.1, C.7.2.1, C.7.3.1: type 1)."""

BLANK_IF_ABSENT: Final = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "AccessionNumber",
    "ReferringPhysicianName",
)
"""Type 2 of the patient and study modules: there, though perhaps empty (PS3.3 C.7.1.1, C.7.2.1)."""

REPEATED: Final = (
    "IssuerOfPatientID",
    "PatientAge",
    "PatientSize",
    "PatientWeight",
    "StudyDescription",
    "Modality",
    "SeriesNumber",
    "InstanceNumber",
    "SeriesDate",
    "SeriesTime",
    "Laterality",
    "ImageLaterality",
    "BodyPartExamined",
    "PatientPosition",
    "PatientOrientation",
    "ViewPosition",
    "BurnedInAnnotation",
    "RecognizableVisualFeatures",
    "FrameOfReferenceUID",
    "PositionReferenceIndicator",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "PixelSpacing",
    "ImagerPixelSpacing",
    "SpacingBetweenSlices",
    "SliceThickness",
    "ImageOrientationPatient",
    "ImagePositionPatient",
)
"""Repeated where they are there and sound."""

DECIMAL_LENGTH: Final = 16
"""Characters of a decimal string (PS3.5 6.2)."""

ESCAPE: Final = re.compile("\x1b[ -/]+[0-~]")
"""What announces another character set (ISO 2022): the parser leaves that of simplified Chinese (ISO 2022 IR 58) in the
text that it has already decoded by it."""

SEXES: Final = ("M", "F", "O")
"""Patient's Sex (0010,0040) knows no other words; some hospitals use more."""


def copy_source_header(header: Dataset) -> Dataset | None:
    """Copy what refers to an image out of its header; None where the header lacks what a reference needs.

    A value that breaks its representation is left blank: it may not be written into another object. So is a word where
    the standard has words of its own and this is none of them. Decimals with too many digits are rounded. Times of the
    study are told in the zone of the image, where it states one.
    """
    with quiet():
        if not all(UID(text(header, keyword)).is_valid for keyword in REQUIRED):
            return None
        copied = Dataset()
        for keyword in (*REQUIRED, *BLANK_IF_ABSENT, *REPEATED):
            element = _copy_if_sound(header, keyword)
            if element is not None:
                copied.add(element)
            elif keyword in BLANK_IF_ABSENT:
                setattr(copied, keyword, "")
        if copied.PatientSex not in SEXES:
            copied.PatientSex = ""
        zone, _ = zone_of(header)
        if zone is not None:
            copied.TimezoneOffsetFromUTC = f"{datetime.min.replace(tzinfo=zone):%z}"
        return copied


def _copy_if_sound(header: Dataset, keyword: str) -> DataElement | None:
    """The element, checked as strictly as when it is written."""
    value = tag(header, keyword)
    if value is None or not is_repeatable(keyword, texts(header, keyword)):
        return None
    number = tag_for_keyword(keyword)
    assert number is not None
    try:
        vr = dictionary_VR(number)
        if vr == "DS":
            value = _shorten_decimals(value)
        elif vr in ("PN", "LO", "SH") and "\x1b" in str(value):
            value = ESCAPE.sub("", str(value))
        return DataElement(number, vr, value, validation_mode=config.RAISE)
    except Exception:  # a damaged value is as good as none, whatever the parser says about it
        return None


def _shorten_decimals(value: Any) -> list[str]:
    """Decimals, those that are longer than the standard allows rounded: many devices write them (PS3.5 6.2)."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [_shorten(value)]
    return [_shorten(decimal) for decimal in value]


def _shorten(decimal: Any) -> str:
    if len(str(decimal)) <= DECIMAL_LENGTH:
        return str(decimal)
    return format_number_as_ds(float(decimal))
