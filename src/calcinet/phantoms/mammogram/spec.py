"""What a phantom of a breast is asked to hold."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from calcinet.errors import BadInput
from calcinet.phantoms.calcium_spec import NetSpec
from calcinet.phantoms.mammogram.arteries import ArterySpec

View = Literal["CC", "MLO"]
Mark = Literal["letter", "clips", "scratches", "wire", "skin beads", "plate edge"]
MARKS: Final = get_args(Mark)
"""Things on the film that are no calcium of arteries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreastSpec:
    """One mammogram."""

    view: View = "CC"
    laterality: Literal["L", "R"] = "L"
    seed: int = 0
    pixel_mm: float = 0.1
    field_mm: tuple[float, float] = (220.0, 150.0)
    """Height and width of the film."""

    size_mm: tuple[float, float] = (85.0, 85.0)
    """Half the height of the breast at the chest wall, and from there to the nipple."""

    thickness_mm: float = 50.0
    """Under compression."""

    density: float = 0.4
    """Share of gland among gland and fat, from 0 to 1."""

    ducts: int = 12
    ligaments: int = 120
    strands: float = 1.0
    """How much the ligaments stand out."""

    veins: int = 4
    """Arteries and veins without calcium: smooth pale bands."""

    arteries: tuple[ArterySpec, ...] = ()
    clusters: int = 0
    """Clusters of microcalcification."""

    grains: int = 0
    """Single grains and round or coarse stones anywhere."""

    nets: tuple[NetSpec, ...] = ()
    """Under the skin."""

    marks: tuple[Mark, ...] = ()

    photons: float = 3e6
    """Detected quanta per mm2 in the open beam."""

    blur_mm: float = 0.06
    """Standard deviation of detector and focal spot blur."""

    scatter: float = 0.2
    """Scattered over all quanta behind the breast; behind a grid."""

    processing: float = 0.4
    """Strength of edge enhancement: 0 none, 1 strong."""

    equalised: float = 0.7
    """How far the fall of thickness towards the skin is taken out: 0 as on film, 1 wholly."""

    def __post_init__(self) -> None:
        if self.view not in get_args(View):
            raise BadInput(f"view must be one of {get_args(View)}, got {self.view!r}")
        if not set(self.marks) <= set(MARKS):
            raise BadInput(f"marks must be among {MARKS}, got {self.marks}")
        if not (self.pixel_mm > 0 and min(self.field_mm) / self.pixel_mm >= 64):
            raise BadInput(f"a mammogram needs 64 x 64 pixels or more, got {self.field_mm} mm of {self.pixel_mm} mm")
        if not 0 <= self.density <= 1:
            raise BadInput(f"density is a share from 0 to 1, got {self.density}")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the film."""
        return round(self.field_mm[0] / self.pixel_mm), round(self.field_mm[1] / self.pixel_mm)
