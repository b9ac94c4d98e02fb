"""What a reader corrected of the findings of an image."""

from calcinet.record.base import Identifier, RecordModel
from calcinet.vocabulary import CorrectionAction, FindingKind


class Correction(RecordModel):
    """One thing that a reader did with one finding."""

    finding: Identifier
    """Its id, which no other finding gets."""
    action: CorrectionAction = "reject"
    found_as: FindingKind | None = None
    """What it was called before; None: the reader added it."""
    corrected_to: FindingKind | None = None
    """What it is called then; None: it was rejected, or erased as a whole."""
    detail_before: str | None = None
    """Beside the kind: of a CT its compartment, of a breast artery its pattern, of uptake side and part of a limb."""
    detail_after: str | None = None
    """As the reader says it; of uptake as well what it is where it is no tissue. None: as before, or gone."""
    other: Identifier | None = None
    """Where it was split, its second part; where it was joined, what was joined to it and is no finding any more."""
    by: str = ""
    """Who corrected it, by the name that they log in with."""
