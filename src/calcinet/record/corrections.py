"""What a reader corrected of the findings of an image."""

from calcinet.record.base import Identifier, RecordModel
from calcinet.vocabulary import FindingKind


class Correction(RecordModel):
    """One finding that a reader rejected, or called something else."""

    finding: Identifier
    """Its id, which no other finding gets."""
    found_as: FindingKind
    """What the program called it."""
    corrected_to: FindingKind | None = None
    """What the reader calls it; None: it was rejected."""
