"""Volume of calcium on CT that neither blur nor the thickness of slices makes larger."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, optimize

from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure.agatston import HOUNSFIELD
from calcinet.measure.result import quantity
from calcinet.text import say

REACH_MM: Final = 2.0
"""How far blur and partial voxels carry calcium beyond its threshold. Our choice: four widths of a soft kernel."""

SHELL_MM: Final = 2.0
"""Thickness of what lies round that, whose median is the tissue without calcium. Our choice: as wide again."""

SAMPLES: Final = 3
"""Points along each side of a pixel of the model. Our choice: a chord's edge is then known to a sixth of a pixel."""

BLUR_MM: Final = (0.5, 0.15)
"""Blur of a soft kernel, and how far it may lie from that. Our choice: weak, for small parts say little of it."""

THICK: Final = 0.4
"""Slices thicker than this share of a part's width do not reach its full brightness. Our choice: a ball of that width
still fills the middle of one slice to 96 %."""

LEAST_MM: Final = 2.5
"""Width from which the brightness in the middle of a part is its own. Our choice: five widths of a soft kernel's blur."""


@dataclass(frozen=True, slots=True)
class CtVolume:
    """What `calcium_volume` found."""

    volume_mm3: float = quantity("mm3", say("Volume of calcium, freed of blur and partial volume"), code="DCM:122660")
    resolved: bool = True
    """Whether the part is wide enough for its own brightness to be seen; else its volume is an upper limit."""


def calcium_volume(image: Image, part: NDArray[np.bool_], others: NDArray[np.bool_] | None = None) -> CtVolume:
    """Measure one connected part of calcium.

    What stands above the tissue around, summed over the voxels that blur and partial volume carry it to, is volume
    times brightness; it does not depend on blur or slices. It is divided by the part's own brightness: the brightest
    voxels where slices are thin against it; where they are thick, that which a ball of the width seen within slices
    would have.

    Parameters
    ----------
    image
        Pixels in Hounsfield units, shape (Z, Y, X), with a spacing; may be cut to the part and 5 mm about it.
    part
        Boolean, same shape: the voxels of the part.
    others
        Boolean, same shape: other calcium and bone, which are no tissue around.

    Raises
    ------
    NotMeasurable
        If the pixels are not Hounsfield units, or the spacing is unknown.
    BadInput
        If the shapes differ or the part is empty.
    """
    image.require_unit(HOUNSFIELD)
    if part.shape != image.pixels.shape or not part.any():
        raise BadInput(f"a part of calcium in the image's shape {image.pixels.shape} is needed, got {part.shape}")
    if image.spacing_mm is None:
        raise NotMeasurable(say("a volume needs the size of a pixel and the distance of slices"))
    spacing = image.spacing_mm
    away = ndimage.distance_transform_edt(~part, sampling=spacing)
    free = np.ones_like(part) if others is None else ~others | part
    reach = np.array([max(REACH_MM, 1.01 * mm) for mm in spacing])
    near = _within(part, reach, spacing) & free
    shell = free & ~near & (away <= float(reach.max()) + SHELL_MM)
    tissue = float(np.median(image.pixels[shell])) if shell.any() else 0.0
    above = np.where(near, image.pixels - tissue, 0.0)
    total = float(above.sum()) * float(np.prod(spacing))
    brightness = _plateau(above[part])
    ball = _fitted(above.sum(axis=0) * spacing[0], spacing[1:])
    tall = float(np.ptp(np.nonzero(part)[0]) + 1) * spacing[0]
    compact = tall <= 2 * ball.radius_mm + 2 * spacing[0]
    resolved = 2 * ball.radius_mm >= LEAST_MM
    if compact and spacing[0] > THICK * 2 * ball.radius_mm:
        return CtVolume(ball.volume_mm3, resolved)
    if compact:
        brightness /= _reached(ball, spacing, int(part.sum()))
    return CtVolume(max(0.0, total / brightness), resolved)


@dataclass(frozen=True, slots=True)
class _Ball:
    """A ball whose chords fit what is seen along the body."""

    radius_mm: float
    blur_mm: float

    @property
    def volume_mm3(self) -> float:
        return 4 / 3 * np.pi * self.radius_mm**3


def _chords(
    size: tuple[int, ...], pixel: tuple[float, ...], centre: NDArray[np.float64], radius: float, blur: float
) -> NDArray[np.float64]:
    """Lengths of a ball's chords in mm, blurred, shape `size`."""
    y, x = (
        (np.arange(n * SAMPLES) + 0.5) / SAMPLES * mm - c for n, mm, c in zip(size, pixel, centre, strict=True)
    )
    inside = np.maximum(radius**2 - y[:, None] ** 2 - x[None, :] ** 2, 0)
    chords = 2 * np.sqrt(inside).reshape(size[0], SAMPLES, size[1], SAMPLES).mean(axis=(1, 3))
    return np.asarray(ndimage.gaussian_filter(chords, [blur / mm for mm in pixel]))


def _fitted(seen: NDArray[np.float64], pixel: tuple[float, ...]) -> _Ball:
    """Fit the chords of a ball to what is seen when looking along the body, in HU times mm, shape (Y, X)."""
    size = seen.shape
    weight = np.maximum(seen, 0) / max(float(np.maximum(seen, 0).sum()), 1e-9)
    centre = np.array([float((weight.sum(axis=1 - k) * (np.arange(size[k]) + 0.5)).sum()) * pixel[k] for k in (0, 1)])
    peak = float(seen.max())
    area = float((seen > peak / 2).sum()) * pixel[0] * pixel[1]
    radius = max(0.3, float(np.sqrt(area / np.pi / 0.75)))

    def away(values: NDArray[np.float64]) -> NDArray[np.float64]:
        y, x, r, blur, height = values
        model = height * peak / (2 * radius) * _chords(size, pixel, np.array([y, x]), r, blur)
        prior = (blur - BLUR_MM[0]) / BLUR_MM[1] * 0.05
        return np.append(((model - seen) / peak).ravel(), prior)

    low = [centre[0] - 2, centre[1] - 2, 0.3, 0.15, 0.05]
    high = [centre[0] + 2, centre[1] + 2, 3 * radius + 1, 1.5, 20.0]
    start = [centre[0], centre[1], radius, BLUR_MM[0], 1.0]
    best = optimize.least_squares(away, start, bounds=(low, high), diff_step=1e-3, max_nfev=25)
    return _Ball(float(best.x[2]), float(best.x[3]))


def _reached(ball: _Ball, spacing: tuple[float, float, float], count: int) -> float:
    """Share of its own brightness that `_plateau` finds in a ball of that blur."""
    half = [int(np.ceil((ball.radius_mm + 2) / mm)) for mm in spacing]
    z, y, x = (
        (np.arange((2 * n + 1) * SAMPLES) + 0.5) / SAMPLES * mm - (n + 0.5) * mm
        for n, mm in zip(half, spacing, strict=True)
    )
    inside = z[:, None, None] ** 2 + y[None, :, None] ** 2 + x[None, None] ** 2 <= ball.radius_mm**2
    shape = [2 * n + 1 for n in half]
    share = inside.reshape(shape[0], SAMPLES, shape[1], SAMPLES, shape[2], SAMPLES).mean(axis=(1, 3, 5))
    seen = ndimage.gaussian_filter(share, [0, ball.blur_mm / spacing[1], ball.blur_mm / spacing[2]])
    brightest = np.sort(seen, axis=None)[-max(min(3, count), count // 10) :]
    return float(np.clip(brightest.mean(), 0.2, 1.0))


def _within(part: NDArray[np.bool_], reach_mm: NDArray[np.float64], spacing: tuple[float, float, float]) -> NDArray[np.bool_]:
    """Voxels within a reach of the part; along Z a slice at least."""
    scale = np.array(spacing) * (float(reach_mm.min()) / reach_mm)
    return np.asarray(ndimage.distance_transform_edt(~part, sampling=scale) <= float(reach_mm.min()))


def _plateau(values: NDArray[np.float64]) -> float:
    """Brightness in the middle of a part: mean of its brightest tenth, of three voxels at least."""
    count = max(min(3, values.size), values.size // 10)
    return max(1.0, float(np.sort(values)[-count:].mean()))
