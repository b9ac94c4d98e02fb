"""Whether a CT header says that contrast agent was given: yes, no, or nothing."""

from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import items, number, text

NONE_GIVEN: Final = frozenset(
    {"NONE", "NO", "N", "NIL", "NATIVE", "NATIV", "WITHOUT", "NO CONTRAST", "NON CONTRAST", "0"}
)
"""What devices and people write into Contrast/Bolus Agent (0018,0010) where there was none."""

UNSAID: Final = frozenset({"", "N/A", "NA", "UNKNOWN", "-", "."})
"""What says nothing."""


def contrast_of(header: Dataset) -> bool | None:
    """True where an agent is named or its use recorded, False where it is denied, None where nothing is said.

    Some devices fill the fields of the protocol before anything is injected, so True may be too much; a header that is
    silent never becomes False.
    """
    agent = text(header, "ContrastBolusAgent").upper()
    used = _was_used(header)
    if used is not None:
        return used
    if agent in NONE_GIVEN:
        return False
    named = agent not in UNSAID or bool(items(header, "ContrastBolusAgentSequence"))
    amounts = (number(header, name) or 0.0 for name in ("ContrastBolusVolume", "ContrastBolusTotalDose"))
    return True if named or any(amount > 0 for amount in amounts) else None


def _was_used(header: Dataset) -> bool | None:
    """Contrast/Bolus Agent Administered (0018,9342) of a multi-frame file."""
    shared = items(header, "SharedFunctionalGroupsSequence")[:1]
    frames = items(header, "PerFrameFunctionalGroupsSequence")
    usages = [usage for group in (*shared, *frames) for usage in items(group, "ContrastBolusUsageSequence")]
    said = {text(usage, "ContrastBolusAgentAdministered").upper() for usage in usages}
    return True if "YES" in said else False if said == {"NO"} else None
