"""Which body part, side and view a DICOM header names, in plain words, and where it contradicts itself."""

import re
from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import code_meanings, items, text, words
from calcinet.text import say

PLAIN: Final = {
    "WHOLEBODY": "whole body",
    "LEG": "lower leg",
    "LOWERLEG": "lower leg",
    "TIBIA": "lower leg",
    "FIBULA": "lower leg",
    "TIBFIB": "lower leg",
    "TIBIAFIBULA": "lower leg",
    "CALF": "lower leg",
    "SHIN": "lower leg",
    "ANKLE": "ankle",
    "ANKLEJOINT": "ankle",
    "FOOT": "foot",
    "TOE": "foot",
    "CALCANEUS": "foot",
    "HEEL": "foot",
    "KNEE": "knee",
    "PATELLA": "knee",
    "UPPERLEG": "thigh",
    "FEMUR": "thigh",
    "THIGH": "thigh",
    "HIP": "hip",
    "PELVIS": "pelvis",
    "HAND": "hand",
    "FINGER": "hand",
    "THUMB": "hand",
    "WRIST": "wrist",
    "WRISTJOINT": "wrist",
    "FOREARM": "forearm",
    "LOWERARM": "forearm",
    "RADIUSULNA": "forearm",
    "ELBOW": "elbow",
    "ARM": "upper arm",
    "UPPERARM": "upper arm",
    "HUMERUS": "upper arm",
    "SHOULDER": "shoulder",
    "BREAST": "breast",
    "CHEST": "chest",
    "THORAX": "chest",
    "LUNG": "chest",
    "RIB": "ribs",
    "RIBS": "ribs",
    "STERNUM": "sternum",
    "CLAVICLE": "clavicle",
    "SCAPULA": "scapula",
    "HEAD": "head",
    "SKULL": "head",
    "JAW": "jaw",
    "JAWREGION": "jaw",
    "NECK": "neck",
    "SPINE": "spine",
    "WHOLESPINE": "spine",
    "CSPINE": "cervical spine",
    "CERVICALSPINE": "cervical spine",
    "TSPINE": "thoracic spine",
    "THORACICSPINE": "thoracic spine",
    "LSPINE": "lumbar spine",
    "LUMBARSPINE": "lumbar spine",
    "SSPINE": "sacrum",
    "SACRUM": "sacrum",
    "COCCYX": "coccyx",
    "ABDOMEN": "abdomen",
    "KUB": "abdomen",
    "EXTREMITY": "extremity",
    "LOWEREXTREMITY": "lower extremity",
    "LOWERLIMB": "lower extremity",
    "UPPEREXTREMITY": "upper extremity",
    "UPPERLIMB": "upper extremity",
}
"""Body Part Examined (PS3.16 annex L) and what devices write for it, letters only -> our words. In annex L, LEG is the
lower leg and ARM the upper arm. Any other word may be free text, a name among it, and is left out."""

BESIDE_A_PART: Final = frozenset({"L", "R", "LT", "RT", "LEFT", "RIGHT", "BOTH", "BILATERAL", "JOINT"})
"""Words that stand beside a body part and do not change it."""

VAGUE: Final = frozenset({"extremity", "lower extremity", "upper extremity", "unknown"})
"""Words that another element may make more exact."""

VIEW_CODES: Final = {
    "399162004": "CC",
    "R-10242": "CC",
    "399368009": "MLO",
    "R-10226": "MLO",
    "399348003": "AP",
    "R-10206": "AP",
    "272479007": "PA",
    "399352003": "LL",
}
"""View Code Sequence (PS3.16 CID 4010, 4014) -> View Position."""

VIEWS: Final = frozenset(
    {
        *("AP", "PA", "LL", "RL", "LLD", "RLD", "LLO", "RLO"),
        *("CC", "MLO", "LMO", "ML", "LM", "XCCL", "XCCM", "XCC", "FB", "SIO", "ISO", "CV"),
        *("LAT", "LATERAL", "OBL", "OBLIQUE", "AX", "AXIAL", "TAN", "LAO", "RAO", "LPO", "RPO", "DP", "DORSOPLANTAR"),
    }
)
"""View Position (PS3.3 C.8.11.5), mammographic views (PS3.16 CID 4014) and what devices write; others may be free text
and are left out."""

LATERALITIES: Final = ("L", "R", "B")
"""Left, right, both."""

SIDE_WORDS: Final = {
    "L": r"\b(left|lt|gauche|links|linke[rs]?|izquierd[ao]|izq|sinistr[ao]|esquerd[ao])\b|左",
    "R": r"\b(right|rt|droite?|rechts|rechte[rs]?|derech[ao]|destr[ao]|direit[ao])\b|右",
}
"""What descriptions, and some devices instead of a letter, call a side."""

BOTH_WORDS: Final = ("BOTH", "BILATERAL")

SIDE_NAMES: Final = {"L": say("left"), "R": say("right")}

OPPOSITE: Final = {"L": "R", "R": "L"}

DESCRIPTIONS: Final = ("SeriesDescription", "StudyDescription", "ProtocolName", "PerformedProcedureStepDescription")
"""Elements of free text that may name a side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where in the body the image was taken."""

    anatomy: str
    laterality: str | None
    view: str | None
    cautions: tuple[str, ...] = ()


def site_of(header: Dataset, given: str | None = None) -> Site:
    """Body part, side and view; what the caller gives replaces the file's body part, with a remark."""
    filed = _find_anatomy(header)
    laterality = _find_laterality(header)
    view = _find_view(header)
    cautions = _find_contradictions(header, laterality)
    if given is None:
        return Site(anatomy=filed, laterality=laterality, view=view, cautions=cautions)
    stated = " ".join(given.lower().split())
    if filed not in VAGUE and filed != stated:
        cautions += (say("the file says {filed}, examined as {stated} as given", filed=filed, stated=stated),)
    return Site(anatomy=stated, laterality=laterality, view=view, cautions=cautions)


def _find_anatomy(header: Dataset) -> str:
    """Body part in plain words, the first that is exact; "unknown" where nothing names one."""
    stated = [text(header, "BodyPartExamined"), *code_meanings(header, "AnatomicRegionSequence")]
    named = [translate_body_part(name) for name in stated if name] or ["unknown"]
    processed_as = translate_body_part(text(header, "AcquisitionDeviceProcessingDescription"))
    for anatomy in (*named, processed_as):
        if anatomy not in VAGUE:
            return anatomy
    return named[0]


def translate_body_part(name: str) -> str:
    """Our word for a body part; "unknown" for any that we have none for."""
    found = re.findall(r"[A-Z]+", name.upper())
    bare = "".join(word for word in found if word not in BESIDE_A_PART)
    return PLAIN.get("".join(found)) or PLAIN.get(bare, "unknown")


def names_a_part(name: str) -> bool:
    """Whether a text is one of the words for a body part, and nothing besides.

    >>> names_a_part("LEFT LEG"), names_a_part("CHAN LEG"), names_a_part("LEG A1234567")
    (True, False, False)
    """
    return bool(re.fullmatch(r"[A-Za-z _/-]*", name)) and translate_body_part(name) != "unknown"


def _find_laterality(header: Dataset) -> str | None:
    stated = [text(header, "ImageLaterality"), text(header, "Laterality")]
    for group in items(header, "SharedFunctionalGroupsSequence"):
        stated.extend(text(frame, "FrameLaterality") for frame in items(group, "FrameAnatomySequence"))
    for laterality in stated:
        side = _name_side(laterality)
        if side is not None:
            return side
    return None


def _name_side(stated: str) -> str | None:
    """L, R or B for a side that is named by its letter, or in words.

    >>> [_name_side(stated) for stated in ("r", "LEFT", "Rechts", "both", "U", "left or right")]
    ['R', 'L', 'R', 'B', None, None]
    """
    if stated.upper() in LATERALITIES:
        return stated.upper()
    if stated.upper() in BOTH_WORDS:
        return "B"
    sides = [side for side, names in SIDE_WORDS.items() if re.search(names, stated.lower())]
    if len(sides) == 1:
        return sides[0]
    return None


def _find_view(header: Dataset) -> str | None:
    """The view in known words; None where there is another among them."""
    stated = re.findall(r"[^\W_]+", text(header, "ViewPosition").upper())
    if stated and VIEWS.issuperset(stated):
        return " ".join(dict.fromkeys(stated))[:16].strip()
    for code in items(header, "ViewCodeSequence"):
        view = VIEW_CODES.get(text(code, "CodeValue"))
        if view is not None:
            return view
    return None


def _find_contradictions(header: Dataset, laterality: str | None) -> tuple[str, ...]:
    """Sentences on elements that tell another side than Laterality does."""
    stated = {_name_side(text(header, "ImageLaterality")), _name_side(text(header, "Laterality"))}
    if stated == {"L", "R"}:
        return (say("Image Laterality and Laterality name opposite sides: check the side on the film"),)
    if laterality not in SIDE_WORDS:
        return ()
    if _is_described_otherwise(header, laterality):
        source = say("the description")
    elif _is_breast_turned(header, laterality):
        source = say("Patient Orientation")
    else:
        return ()
    remark = say(
        "Laterality says {side} but {source} says {other}: check the side on the film",
        side=SIDE_NAMES[laterality],
        source=source,
        other=SIDE_NAMES[OPPOSITE[laterality]],
    )
    return (remark,)


def _is_described_otherwise(header: Dataset, laterality: str) -> bool:
    """Whether the descriptions name the other side, and this one not at all."""
    described = " ".join(text(header, keyword) for keyword in DESCRIPTIONS).lower()
    names_other = re.search(SIDE_WORDS[OPPOSITE[laterality]], described)
    return names_other is not None and not re.search(SIDE_WORDS[laterality], described)


def _is_breast_turned(header: Dataset, laterality: str) -> bool:
    """Whether a mammogram hangs as of the other breast.

    A right one has its columns run to the patient's left, a left one to the right (PS3.3 C.7.6.1.1.1).
    """
    orientation = words(header, "PatientOrientation")
    if text(header, "Modality").upper() != "MG" or len(orientation) != 2:
        return False
    return laterality in orientation[1]
