"""Pixels that know their unit and their size in millimetres."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import BadInput, NotMeasurable
from calcinet.text import Text, say

SpacingBasis = Literal["calibrated", "corrected", "detector", "user", "assumed", "none"]

PROJECTIONS: Final = ("CR", "DX", "MG")
"""DICOM modalities of a film that an array can be."""

SQUARE_WITHIN: Final = 0.005
"""Sides of a square pixel differ by less, relatively. Our choice: rounding of decimal strings."""

SIDES: Final = ("L", "R", "B")
"""Left, right, both."""

SOURCE_CHARACTERS: Final = 12
"""Of the hash of an array: all the name that it has downstream, as of files."""

POSITIONED: Final = say(
    "the array does not say how the volume lies in the patient: its axes are taken as slices to the head, rows to the "
    "back and columns to the left"
)


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How a CT series was taken, as far as its file says; None where it does not."""

    contrast: bool | None = None
    """Whether contrast agent was given: a header that names an agent says True, one without the field says nothing."""

    kvp: float | None = None
    """Tube voltage in kV, DICOM KVP (0018,0060)."""

    kernel: str | None = None
    """Convolution Kernel (0018,1210)."""

    slice_thickness_mm: float | None = None
    """Slice Thickness (0018,0050); the distance of slices is the image's spacing along Z."""

    why: str | None = None
    """Why this series was chosen among several of the same body; None where it was the only one."""

    mg_per_cm3_per_hu: float | None = None
    """Density of hydroxyapatite that a Hounsfield unit stands for, from inserts scanned alike; as the user gives it."""


@dataclass(frozen=True, slots=True, eq=False)
class UserMasks:
    """Structures of a CT that its user knows, shape of its pixels; None where not."""

    bones: Mask | None = None
    arteries: Mask | None = None


Projection = Literal["anterior", "posterior", "other"]


@dataclass(frozen=True, slots=True)
class Emission:
    """How a planar scintigram was counted, as far as its file says; None where it does not."""

    views: tuple[Projection, ...] = ()
    """Side from which the camera looked, for each plane of the image in order."""

    whole_body: bool = False
    """Whether the whole body was passed over; else a spot view of a part."""

    dose_mbq: float | None = None
    """Activity given, in MBq, at the time of injection."""

    hours_after_injection: float | None = None
    """Time from the injection to the beginning of the scan."""

    half_life_h: float | None = None
    """Half-life of the radionuclide, in hours."""

    decay_corrected: bool | None = False
    """Whether the counts were already corrected for decay, DICOM Corrected Image (0028,0051) with DECY; None: the
    file contradicts itself."""

    frame_s: tuple[float | None, ...] = ()
    """Duration of each plane in seconds."""

    counts_stated: int | None = None
    """DICOM Counts Accumulated (0018,0070) of all planes; None as well where frames of the file were left out."""

    camera: str | None = None
    """Digest of maker and model of the camera: only whether two scans have the same is asked, no word is repeated."""

    collimator: str | None = None
    """Digest of name and type of the collimator."""

    drug: str | None = None
    """Radiopharmaceutical, where it is one that seeks bone: medronate, oxidronate, butedronate or pyrophosphate."""

    scanned_h: float | None = None
    """Beginning of the scan in hours on the file's own clock: for the order and distance of two scans of a patient. It
    is a date in disguise and is never written into a record."""

    utc_offset_h: float | None = None
    """Offset of that clock from UTC in hours."""


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """One series. A radiograph is a volume of one slice; on CT, Z rises to the head, Y to the back, X to the left; on a
    planar scintigram Z counts the views.
    """

    pixels: Pixels
    """Shape (Z, Y, X), in `unit`; on radiographs rising with attenuation (bone bright)."""

    spacing_mm: tuple[float, float, float] | None
    """Centre-to-centre distance along (Z, Y, X) in the patient as far as `spacing_basis` tells; None: unknown."""

    unit: str
    """UCUM code of a pixel: "[hnsf'U]", "{counts}" or "1"."""

    modality: str = "DX"
    """DICOM Modality (0008,0060): CR, DX, MG, CT, NM."""

    spacing_basis: SpacingBasis = "none"
    """Where `spacing_mm` comes from, best first: calibrated, corrected, detector, user, assumed, none. An assumed one
    was given by the user for a picture without header, or against the header: nothing is said as if it were known."""

    pixel_aspect: float = 1.0
    """Height of a pixel over its width, of a film without `spacing_mm`; else that says it."""

    magnification: float = 1.0
    """Detector distance over patient distance that was divided out of `spacing_mm`; 1 where nothing was."""

    magnification_interval: tuple[float, float] = (1.0, 1.0)
    """Plausible magnification still left in `spacing_mm`; (1, 1) where it is calibrated."""

    anatomy: str = "unknown"
    """Body part in plain lower-case words: "lower leg", "hand", "breast"."""

    laterality: str | None = None
    """"L", "R", "B" (both) or None."""

    view: str | None = None
    """DICOM View Position (0018,5101): AP, PA, LL, RL, CC, MLO, ..."""

    source: str = ""
    """First 12 characters of the hash and the suffix, never the name the file had."""

    sha256: str = ""
    """Digest of the bytes that were read."""

    shown_between: tuple[float, float] | None = None
    """Radiographs only: pixel values that the file shows black and white; None where it says none. For viewers alone:
    nothing is found or measured by it."""

    linear: bool = False
    """True when pixel values are proportional to attenuation (For Processing data); else vendor-processed."""

    cautions: tuple[str, ...] = ()
    """Sentences on what is doubtful about this image."""

    export_signs: tuple[str, ...] = ()
    """By what the image is known to be an export of a film and not the film itself; empty where it is the film."""

    affine: Floats | None = None
    """CT only: shape (4, 4), voxel (Z, Y, X, 1) to the patient's (left, posterior, superior, 1) in mm (DICOM LPS)."""

    acquisition: Acquisition = Acquisition()
    """CT only."""

    scored_mm: tuple[float, ...] | None = None
    """CT only, where slices were interpolated: for each along Z how many mm of the body it stands for where slices are
    scored, 0 of those that were not acquired. None: the distance of slices."""

    known: UserMasks = UserMasks()
    """CT only."""

    emission: Emission = Emission()
    """Scintigrams only."""

    examination: int | None = None
    """Number of its DICOM study within the call, from 1 in the order of the files; None where it names none."""

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3:
            raise BadInput(f"pixels must have shape (Z, Y, X), got {self.pixels.shape}")
        if self.spacing_mm is not None and not all(0 < mm < np.inf for mm in self.spacing_mm):
            raise BadInput(f"spacing must be positive millimetres along (Z, Y, X), got {self.spacing_mm}")

    @classmethod
    def from_array(
        cls,
        values: Any,
        *,
        modality: str,
        spacing_mm: float | Sequence[float] | None = None,
        bone: Literal["bright", "dark"] = "bright",
        anatomy: str = "unknown",
        laterality: str | None = None,
        view: str | None = None,
    ) -> "Image":
        """Take an array as a film or as a CT.

        Parameters
        ----------
        values
            Of a film shape (rows, columns), any real numbers; of a CT shape (slices, rows, columns) in Hounsfield
            units: slices rise to the head, rows go to the back, columns to the left. The array itself stays as it is.
        modality
            CR, DX, MG (films) or CT; never guessed.
        spacing_mm
            Distance of the array's pixels in mm. Of a film that of the detector, one number or (rows, columns); without
            it lengths stay in pixels. Of a CT (slices, rows, columns), which it needs.
        bone
            Whether bone is "bright" (larger than air) or "dark" on a film; a CT says so itself.
        anatomy, laterality, view
            Body part in words ("lower leg"), L, R or B, and AP, PA, LL, CC, ... where they are known.

        Raises
        ------
        BadInput
            If shape, kind of number, spacing or words cannot be those of such an image.
        """
        if modality not in (*PROJECTIONS, "CT"):
            raise BadInput(f"modality must be one of {', '.join(PROJECTIONS)}, CT, got {modality!r}")
        is_ct = modality == "CT"
        pixels = _take_numbers(values, dimensions=3 if is_ct else 2)
        sides = _take_sides(spacing_mm, is_ct=is_ct)
        if bone not in ("bright", "dark"):
            raise BadInput(f'bone must be "bright" or "dark", got {bone!r}')
        if is_ct and bone == "dark":
            raise BadInput("a CT is in Hounsfield units, where bone is bright")
        if laterality not in (None, *SIDES):
            raise BadInput(f"laterality must be one of {', '.join(SIDES)}, or None, got {laterality!r}")
        sha256 = _hash_array(pixels, sides)
        if bone == "dark":
            pixels = pixels.max() + pixels.min() - pixels
        return cls(
            pixels if is_ct else pixels[np.newaxis],
            sides,
            "[hnsf'U]" if is_ct else "1",
            modality=modality,
            spacing_basis=_name_basis(sides, is_ct=is_ct),
            anatomy=_name_part(anatomy, modality),
            laterality=laterality,
            view=view,
            source=sha256[:SOURCE_CHARACTERS],
            sha256=sha256,
            linear=is_ct,
            cautions=(POSITIONED,) if is_ct else (),
        )

    @property
    def plane(self) -> Pixels:
        """The single slice of a projection image, shape (Y, X)."""
        if self.pixels.shape[0] != 1:
            raise NotMeasurable(
                say("needs a projection image of one slice, this one has {count}", count=self.pixels.shape[0])
            )
        plane: Pixels = self.pixels[0]
        return plane

    @property
    def picture(self) -> Pixels:
        """What is shown of the image, shape (Y, X): the single slice, or the views of a scintigram side by side."""
        if self.modality != "NM":
            return self.plane
        beside: Pixels = np.hstack(list(self.pixels))
        return beside

    @property
    def pixel_mm(self) -> tuple[float, float] | None:
        """Distance of rows and of columns in mm, (Y, X); None when unknown."""
        if self.spacing_mm is None:
            return None
        return self.spacing_mm[1:]

    @property
    def height_over_width(self) -> float:
        """Of a pixel of the picture."""
        if self.pixel_mm is None:
            return self.pixel_aspect
        return self.pixel_mm[0] / self.pixel_mm[1]

    @property
    def is_oblong(self) -> bool:
        """Whether its pixels are not square."""
        return is_oblong(self.height_over_width)

    @property
    def why_no_mm(self) -> Text:
        """Why there is no number in mm, where the size of a pixel is not known."""
        if self.spacing_basis == "assumed" and not self.export_signs:
            return say("the pixel size is contradicted, and numbers in mm need the right one")
        if self.spacing_basis == "assumed":
            return say("the pixel size given cannot be checked, and numbers in mm need the original DICOM file")
        if self.export_signs:
            return say("its pixel size is unknown, and numbers in mm need the original DICOM file")
        return say("pixel spacing unknown: lengths in mm need --spacing-mm or a calibrated image")

    def require_unit(self, unit: str) -> None:
        """Refuse an image whose pixels mean something else."""
        if self.unit != unit:
            raise NotMeasurable(say("needs pixels in {unit}, this image has {found}", unit=unit, found=self.unit))

    def require_pixel_mm(self) -> tuple[float, float]:
        """Row and column distance in mm; refuses an image without a spacing."""
        if self.pixel_mm is None:
            raise NotMeasurable(self.why_no_mm)
        return self.pixel_mm

    def require_spacing_mm(self) -> tuple[float, float, float]:
        """Distance along (Z, Y, X) in mm; refuses an image without a spacing."""
        if self.spacing_mm is None:
            raise NotMeasurable(self.why_no_mm)
        return self.spacing_mm


def is_oblong(aspect: float) -> bool:
    """Whether height over width is that of a pixel that is not square.

    >>> is_oblong(1.0), is_oblong(1.2), is_oblong(0.5)
    (False, True, True)
    """
    return abs(aspect - 1.0) > SQUARE_WITHIN * max(aspect, 1.0)


def _take_numbers(values: Any, *, dimensions: int) -> Pixels:
    """A copy of real, finite numbers in the shape of a film or of a CT."""
    try:
        found = np.asarray(values)
    except (TypeError, ValueError) as error:
        raise BadInput(f"expected an array of {dimensions} dimensions; its rows are of different lengths") from error
    if found.dtype.kind not in "uif":
        raise BadInput(f"pixels must be whole numbers or floats, got an array of {found.dtype}")
    if found.ndim != dimensions:
        wanted = {2: "a film has shape (rows, columns)", 3: "a CT has shape (slices, rows, columns)"}[dimensions]
        raise BadInput(f"{wanted}, got {found.shape}: give one grey value a pixel, and no axis of length 1 more")
    if not found.size:
        raise BadInput(f"the array is empty, its shape is {found.shape}")
    if np.ma.is_masked(values):
        raise BadInput("some pixels are masked: fill them with what air has")
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        pixels: Pixels = np.array(found, dtype=np.float32, order="C")
    if not np.isfinite(pixels).all():
        raise BadInput("some pixels are not finite numbers (NaN or infinite): fill them with what air has")
    return pixels


def _take_sides(spacing_mm: Any, *, is_ct: bool) -> tuple[float, float, float] | None:
    """Distance along (Z, Y, X); of a film the first is a convention. None where it is not known."""
    wanted = "one number or (rows, columns) in mm"
    if is_ct:
        wanted = "(slices, rows, columns) in mm"
    if spacing_mm is None:
        if is_ct:
            raise BadInput(f"a CT needs spacing_mm, {wanted}")
        return None
    try:
        sides = [float(side) for side in np.atleast_1d(spacing_mm)]
    except (TypeError, ValueError) as error:
        raise BadInput(f"spacing_mm must be {wanted}") from error
    if not is_ct and len(sides) == 1:
        sides *= 2
    if len(sides) != (3 if is_ct else 2):
        raise BadInput(f"spacing_mm must be {wanted}, got {len(sides)} numbers")
    if not all(math.isfinite(side) and side > 0 for side in sides):
        raise BadInput(f"spacing_mm must be {wanted}, each above 0")
    if is_ct:
        return sides[0], sides[1], sides[2]
    return 1.0, sides[0], sides[1]


def _name_basis(sides: tuple[float, float, float] | None, *, is_ct: bool) -> SpacingBasis:
    if is_ct:
        return "calibrated"
    return "none" if sides is None else "user"


def _name_part(anatomy: str, modality: str) -> str:
    """Plain lower-case words; a mammogram shows a breast."""
    if not isinstance(anatomy, str):
        raise BadInput("anatomy must be a body part in words, for instance 'lower leg'")
    part = " ".join(anatomy.lower().split()) or "unknown"
    if part == "unknown" and modality == "MG":
        return "breast"
    return part


def _hash_array(pixels: Pixels, sides: tuple[float, float, float] | None) -> str:
    """Of shape, spacing and values: the same array gives the same record."""
    head = f"{pixels.shape} {sides}".encode()
    return hashlib.sha256(head + pixels.astype("<f4").tobytes()).hexdigest()
