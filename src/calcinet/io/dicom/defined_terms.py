"""Words of a header that may be repeated elsewhere, because the standard defines them; any other may be a name."""

import re
from collections.abc import Mapping
from typing import Final

from calcinet.io.dicom.body_site import LATERALITIES, VIEWS, names_a_part

MODALITIES: Final = frozenset(
    {
        *("ANN", "AR", "ASMT", "AU", "BDUS", "BI", "BMD", "CD", "CFM", "CR", "CS", "CT", "CTPROTOCOL", "DD"),
        *("DF", "DG", "DM", "DMS", "DOC", "DS", "DX", "EC", "ECG", "EEG", "EMG", "EOG", "EPS", "ES", "FA"),
        *("FID", "FS", "GM", "HC", "HD", "IO", "IOL", "IVOCT", "IVUS", "KER", "KO", "LEN", "LP", "LS", "M3D"),
        *("MA", "MG", "MR", "MS", "NM", "OAM", "OCT", "OP", "OPM", "OPR", "OPT", "OPTBSV", "OPTENF", "OPV"),
        *("OSS", "OT", "PA", "PLAN", "POS", "PR", "PT", "PX", "REG", "RESP", "RF", "RG", "RTDOSE", "RTIMAGE"),
        *("RTINTENT", "RTPLAN", "RTRAD", "RTRECORD", "RTSEGANN", "RTSTRUCT", "RWV", "SC", "SEG", "SM", "SMR"),
        *("SR", "SRF", "ST", "STAIN", "TEXTUREMAP", "TG", "US", "VA", "VF", "VL", "XA", "XAPROTOCOL", "XC"),
    }
)
"""Defined Terms of Modality, retired ones among them (PS3.3 C.7.3.1.1.1)."""

ORIENTATION: Final = re.compile("[APRLHF]{1,3}")
"""Directions of Patient Orientation of a human (PS3.3 C.7.6.1.1.1)."""

PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "Modality": re.compile("|".join(MODALITIES)),
    "Laterality": re.compile("|".join(LATERALITIES)),
    "ImageLaterality": re.compile("|".join((*LATERALITIES, "U"))),
    "PatientOrientation": ORIENTATION,
    "PatientPosition": re.compile("(HF|FF|LF|RF|AF|PF)(P|S|DR|DL|D[RL]|LP|LS)?"),
    "ViewPosition": re.compile("|".join(VIEWS)),
    "BurnedInAnnotation": re.compile("YES|NO"),
    "RecognizableVisualFeatures": re.compile("YES|NO"),
}
"""By keyword of an element: what each of its values must be."""


def known_modality(stated: str) -> str | None:
    """A Modality that the standard defines; None for any other word.

    >>> known_modality("dx"), known_modality("CHAN TAI MAN"), known_modality("")
    ('DX', None, None)
    """
    modality = stated.upper()
    if modality in MODALITIES:
        return modality
    return None


def is_repeatable(keyword: str, values: tuple[str, ...]) -> bool:
    """Whether values of an element are of the standard's words; of an element that has no such words, always."""
    if keyword == "BodyPartExamined":
        return all(names_a_part(value) for value in values)
    pattern = PATTERNS.get(keyword)
    return pattern is None or all(pattern.fullmatch(value.upper()) for value in values)
