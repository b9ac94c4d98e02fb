"""What is asked of a phantom: which legs, and how much calcium."""

from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal

from calcinet.vocabulary import Side

ArteryAmount = Literal["none", "patchy", "heavy"]
Part = Literal["leg", "thigh", "knee", "lower leg", "foot"]

SPANS_MM: Final[dict[Part, tuple[float, float]]] = {
    "leg": (0.0, 800.0),
    "thigh": (500.0, 800.0),
    "knee": (360.0, 560.0),
    "lower leg": (95.0, 420.0),
    "foot": (0.0, 140.0),
}
"""Heights above the sole."""


@dataclass(frozen=True, slots=True)
class Build:
    """Which legs."""

    part: Part = "lower leg"
    sides: Side = "L"
    _: KW_ONLY
    span_mm: tuple[float, float] | None = None
    """Heights above the sole; None: those of the part."""
    lumen_hu: float | None = None
    """Brightness of arterial blood with contrast agent, 250 to 450; None: no contrast."""

    @property
    def span(self) -> tuple[float, float]:
        """Heights of the scan."""
        return self.span_mm or SPANS_MM[self.part]


@dataclass(frozen=True, slots=True)
class Calcium:
    """How much of it in each leg."""

    arteries: ArteryAmount = "patchy"
    _: KW_ONLY
    small_vessels: int = 3
    nets: int = 1
    in_skin: int = 2
    in_subcutis: int = 3
    in_muscle: int = 3
    """Nodules."""


LOWER_LEG: Final = Build()
SOME: Final = Calcium()
