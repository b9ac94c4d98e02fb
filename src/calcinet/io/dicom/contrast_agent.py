"""Whether a header says that contrast agent was given: yes, no, or nothing."""

from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import items, number, text

NONE_GIVEN: Final = frozenset(
    {
        *("NONE", "NO", "N", "NIL", "NATIVE", "NATIV", "WITHOUT", "NO CONTRAST", "NON CONTRAST", "0"),
        *(
            "KEIN",
            "KEINE",
            "KEINS",
            "OHNE",
            "SANS",
            "AUCUN",
            "SIN",
            "SIN CONTRASTE",
            "SEM",
            "SENZA",
            "無",
            "无",
            "没有",
        ),
    }
)
"""What devices and people write into Contrast/Bolus Agent (0018,0010) where there was none."""

UNSAID: Final = frozenset({"", "N/A", "NA", "UNKNOWN", "-", "."})
"""What says nothing."""

AMOUNTS: Final = ("ContrastBolusVolume", "ContrastBolusTotalDose")
"""Elements of the header that state how much was injected."""


def contrast_of(header: Dataset) -> bool | None:
    """True where an agent is named or its use recorded, False where it is denied, None where nothing is said.

    Some devices fill the fields of the protocol before anything is injected, so True may be too much; a header that is
    silent never becomes False.
    """
    used = _was_used(header)
    if used is not None:
        return used
    agent = text(header, "ContrastBolusAgent").upper()
    if agent in NONE_GIVEN:
        return False
    if agent not in UNSAID or items(header, "ContrastBolusAgentSequence"):
        return True
    for name in AMOUNTS:
        if (number(header, name) or 0.0) > 0:
            return True
    return None


def _was_used(header: Dataset) -> bool | None:
    """Contrast/Bolus Agent Administered (0018,9342) of a multi-frame file."""
    shared = items(header, "SharedFunctionalGroupsSequence")[:1]
    frames = items(header, "PerFrameFunctionalGroupsSequence")
    answers = set()
    for group in (*shared, *frames):
        for usage in items(group, "ContrastBolusUsageSequence"):
            answers.add(text(usage, "ContrastBolusAgentAdministered").upper())
    if "YES" in answers:
        return True
    if answers == {"NO"}:
        return False
    return None
