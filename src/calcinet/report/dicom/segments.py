"""Which segments a film's marks make: one for each kind and side."""

from dataclasses import dataclass

from calcinet.record import Kind, Side


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of the segmentation of one film."""

    number: int
    """Segment Number, from 1."""
    kind: Kind
    side: Side | None
    findings: tuple[str, ...]
    """Ids of the findings whose pixels it holds."""
