"""What calcium a phantom is asked to hold: arteries and nets, whatever the image."""

from dataclasses import dataclass
from typing import Literal

Pattern = Literal["continuous", "rings", "patchy", "one wall", "plaques"]
"""How calcium lies in an artery: in whole walls, in rings, in patches of both walls, mostly in one wall, or as plaques,
tablets and flakes that reach into the lumen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VesselSpec:
    """One calcified artery and its branches."""

    artery: int = 0
    """Which of the anatomy's arteries, counted round when there are fewer."""

    diameter_mm: float = 3.0
    """Outer diameter where it enters."""

    taper: float = 0.6
    """Diameter at the end over that at the start."""

    wall_mm: float = 0.5
    """Thickness of the calcified wall; never more than the radius."""

    pattern: Pattern = "continuous"
    coverage: float = 1.0
    """Fraction of the length that is calcified, of all patterns but whole walls."""

    granular: float = 0.0
    """How uneven its calcium is from one millimetre to the next: 0 even, 1 in grains."""

    contrast_in_noise: float = 6.0
    """Contrast of its walls (upper quartile) over the noise about them, before processing."""

    tortuosity: float = 0.5
    """0 straight to 1 corkscrew."""

    branches: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSpec:
    """One net of calcified arterioles in the subcutis."""

    mesh_mm: float = 5.0
    """Square root of the mean cell area."""

    line_mm: float = 0.4
    area_cm2: float = 15.0
    depth_mm: float = 4.0
    broken: float = 0.1
    """Fraction of its edges that are missing."""

    contrast_in_noise: float = 3.5
    """Contrast of its lines (upper quartile) over the noise about them, before processing."""
