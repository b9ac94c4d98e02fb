"""What a radiograph of a limb is asked to hold."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from calcinet.errors import BadInput
from calcinet.phantoms.calcium_spec import NetSpec, VesselSpec

Anatomy = Literal["lower leg", "foot", "hand"]
Border = Literal["none", "white", "black"]
Confounder = Literal[
    "phleboliths", "clips", "staples", "gauze", "skin folds", "venous", "plaster", "weave", "scratches", "grid"
]

CONFOUNDERS: Final[tuple[Confounder, ...]] = get_args(Confounder)
"""Every named confounder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimbSpec:
    """One radiograph of a limb."""

    anatomy: Anatomy = "lower leg"
    seed: int = 0
    pixel_mm: float = 0.2
    field_mm: tuple[float, float] = (200.0, 140.0)
    """Height and width of the film in the plane of the patient."""

    vessels: tuple[VesselSpec, ...] = ()
    nets: tuple[NetSpec, ...] = ()
    confounders: tuple[Confounder, ...] = ()

    girth: float = 1.0
    """Thickness of the limb over our standard one."""

    fat_mm: float = 6.0
    """Thickness of the subcutis."""

    bone_density: float = 1.0
    """1 for a young adult, 0.5 for severe osteoporosis: scales cortex and trabeculae."""

    photons: float = 4e5
    """Detected quanta per mm2 in the open beam."""

    blur_mm: float = 0.12
    """Standard deviation of detector and focal spot blur, in the plane of the patient."""

    scatter: float = 0.15
    """Scattered over all quanta behind the limb."""

    processing: float = 0.5
    """Strength of edge enhancement: 0 none, 1 strong."""

    black_level: float = 0.1
    """How much of the grey scale lies below the limb's thinnest edge: air is grey where large."""

    angle_deg: float = 0.0
    shift_mm: tuple[float, float] = (0.0, 0.0)
    mirrored: bool = False

    border: Border = "none"
    """Look of the film outside the collimated field."""

    margin_mm: tuple[float, float] = (0.0, 0.0)
    """Width of the border at top and bottom, and at the sides."""

    letter: str = ""
    """Lead letter beside the limb."""

    magnification: float = 1.0
    """Recorded in the image; `pixel_mm` is in the patient already."""

    def __post_init__(self) -> None:
        if self.anatomy not in get_args(Anatomy):
            raise BadInput(f"anatomy must be one of {get_args(Anatomy)}, got {self.anatomy!r}")
        if not set(self.confounders) <= set(CONFOUNDERS):
            raise BadInput(f"confounders must be among {CONFOUNDERS}, got {self.confounders}")
        if not (self.pixel_mm > 0 and min(self.field_mm) / self.pixel_mm >= 32):
            raise BadInput(f"a film needs 32 x 32 pixels or more, got {self.field_mm} mm of {self.pixel_mm} mm")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the film."""
        return round(self.field_mm[0] / self.pixel_mm), round(self.field_mm[1] / self.pixel_mm)
