"""Known calcium put into a real film: by Beer and Lambert, with the film's own blur, in units of its own noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import BadInput
from calcinet.phantoms.calcium import Deposit, Tube
from calcinet.phantoms.exposure import blur
from calcinet.phantoms.nets import lay_net, net_deposit
from calcinet.phantoms.random_deposits import Growth, Kind, grow
from calcinet.phantoms.truth import VISIBLE_IN_NOISE, NetTruth, VesselTruth
from calcinet.phantoms.vessels import vessel_deposit

MARGIN: Final = 0.3
"""How far black and white are beyond a film's levels, in parts of its range. Our choice: at its darkest and its
brightest pixels calcium then shows six tenths of what it shows in the middle."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Implant:
    """A film with calcium added to it; maps of shape (Y, X)."""

    film: Pixels
    mask: NDArray[np.uint8]
    """As `Truth.mask`."""

    lines: tuple[Floats, ...]
    """Centre lines that were drawn, each (N, 2) row and column."""

    noise_sd: Pixels
    """Local noise of the film before."""

    calcium: Pixels
    """What was added."""

    vessels: tuple[VesselTruth, ...] = ()
    nets: tuple[NetTruth, ...] = ()
    """What was put in: centre lines, diameters, meshes; in mm of the pixel that was given."""


def local_noise(film: Pixels, window_px: float = 12.0) -> Pixels:
    """Local SD of a film's fine noise, shape (Y, X).

    The film less its blur of 1.5 pixels, squared and averaged over a window; values beyond four robust SDs are edges
    and are cut off. Our choice: simple, and right within some ten per cent on noise that is nearly white.
    """
    plane = np.asarray(film, np.float32)
    fine = plane - blur(plane, 1.5)
    limit = 4 * float(np.median(np.abs(fine))) / 0.6745 + 1e-6
    variance = blur(np.minimum(fine**2, limit**2), window_px)
    return np.sqrt(np.maximum(variance, 1e-6)).astype(np.float32)


def implant(
    film: NDArray[np.floating],
    where: Mask,
    kinds: Sequence[Kind],
    *,
    pixel_mm: float = 0.2,
    blur_px: float = 0.7,
    seed: int = 0,
) -> Implant:
    """Add calcium of the given kinds, everything about it at random.

    Parameters
    ----------
    film
        Shape (Y, X), rising with attenuation.
    where
        Boolean, same shape: where calcium may be.
    kinds
        Each "vessel" is one artery with its branches, each "net" one patch, each "focus" a few stones.
    pixel_mm
        Leave it for a film without a spacing: sizes are then in units of it.
    blur_px
        Standard deviation of the film's own blur.
    seed
        The same seed gives the same calcium.

    Raises
    ------
    BadInput
        If shapes differ, the region is empty, or nothing of the calcium lies in it.
    """
    plane = _check_plane(film, where)
    rng = np.random.default_rng([seed, 5])
    growths = [grow(kind, where, rng, pixel_mm=pixel_mm, blur_px=blur_px) for kind in kinds]
    return _add(plane, growths, blur_px)


def implant_net(
    film: NDArray[np.floating],
    where: Mask,
    *,
    mesh_px: float,
    line_px: float,
    contrast_in_noise: float,
    patch_px2: float | None = None,
    fraction: float = 0.25,
    broken: float = 0.0,
    blur_px: float = 0.7,
    seed: int = 0,
) -> Implant:
    """Add a net-like calcification to a film.

    Parameters
    ----------
    film
        Shape (Y, X), rising with attenuation.
    where
        Boolean, same shape: soft tissue in which lines may run.
    mesh_px
        Square root of the mean cell area.
    line_px
        Width of the lines.
    contrast_in_noise
        Contrast of the lines (upper quartile) over the film's local noise.
    patch_px2, fraction
        Size of the patch, or its share of `where` when no size is given.
    broken
        Fraction of the edges that are left out.
    blur_px
        Standard deviation of the film's own blur.
    seed
        The same seed gives the same net.
    """
    plane = _check_plane(film, where)
    rng = np.random.default_rng([seed, 4])
    if patch_px2 is None:
        patch_px2 = float(fraction * where.sum())
    net = lay_net(where, mesh_px=mesh_px, area_px2=patch_px2, broken=broken, rng=rng)
    deposit = net_deposit(
        net, plane.shape, line_px=line_px, pixel_mm=1.0, blur_px=blur_px, contrast_in_noise=contrast_in_noise, rng=rng
    )
    return _add(plane, [Growth(deposit=deposit, lines=net.lines)], blur_px)


def implant_vessel(
    film: NDArray[np.floating],
    path: Floats,
    *,
    diameter_px: float | Floats,
    wall_px: float,
    contrast_in_noise: float,
    blur_px: float = 0.7,
) -> Implant:
    """Add a calcified artery along `path` (N, 2: row and column) to a film of shape (Y, X).

    `diameter_px` is the outer diameter, one or (N,); contrast is that of the walls (upper quartile).
    """
    plane = _check_plane(film, np.ones(film.shape, bool))
    points = np.asarray(path, float)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise BadInput(f"a path has shape (N, 2) with two points or more, got {points.shape}")
    outer = np.broadcast_to(np.asarray(diameter_px, float) / 2, (len(points),)).copy()
    tube = Tube.flat(points, outer, wall_px, np.ones(len(points)))
    deposit = vessel_deposit([tube], plane.shape, pixel_mm=1.0, blur_px=blur_px, contrast_in_noise=contrast_in_noise)
    return _add(plane, [Growth(deposit=deposit, lines=(points,))], blur_px)


def _check_plane(film: NDArray[np.floating], where: Mask) -> Pixels:
    if film.ndim != 2 or film.shape != where.shape:
        raise BadInput(f"a film has shape (Y, X) and its region the same, got {film.shape} and {where.shape}")
    return np.asarray(film, np.float32)


@dataclass(frozen=True, slots=True)
class Response:
    """How a film's grey levels answer to exposure: straight in the middle, flattening towards black and white.

    A film is the logarithm of its exposure seen through a window; of the window only its levelling off at both ends is
    guessed, as a logistic curve: p = (film - black) / (white - black) is the logistic function of the logarithm, so its
    slope is 4 p (1 - p), 1 in the middle. Calcium adds the same to the logarithm wherever it is (Beer and Lambert), and
    hence little to the grey levels of a film that is nearly black or white.
    """

    black: float
    white: float

    @classmethod
    def of(cls, film: Pixels, margin: float = MARGIN) -> "Response":
        """The curve of a film, of any shape; black and white lie `margin` of its range beyond what it shows."""
        low, high = (float(level) for level in np.quantile(film[..., ::2], (0.001, 0.999)))
        beyond = margin * max(high - low, 1e-6)
        return cls(low - beyond, high + beyond)

    def slope(self, film: Pixels) -> Pixels:
        """Change of grey level with the logarithm of exposure, 1 in the middle of the scale; shape of `film`."""
        share = self._scale(film)
        return np.asarray(4 * share * (1 - share), np.float32)

    def with_added(self, film: Pixels, attenuation: Pixels) -> Pixels:
        """The film with `attenuation` (grey levels at the middle of the scale) in the beam."""
        share = self._scale(film)
        depth = np.log(share / (1 - share)) + 4 * attenuation / (self.white - self.black)
        bent = self.black + (self.white - self.black) / (1 + np.exp(-depth))
        return np.asarray(np.where(attenuation > 0, np.maximum(bent, film), film), np.float32)

    def _scale(self, film: Pixels) -> Pixels:
        share = (film - self.black) / (self.white - self.black)
        return np.asarray(np.clip(share, 0.01, 0.99), np.float32)


def contrast_of_deposit(film: Pixels, deposit: Deposit, *, blur_px: float, response: Response, noise: Pixels) -> Pixels:
    """Grey levels that a deposit adds to a film, shape (Y, X).

    Its percentile (the upper quartile, say) is `contrast_in_noise` times the noise about it.

    Raises
    ------
    BadInput
        If nothing of it lies on the film.
    """
    if not deposit.footprint.any():
        raise BadInput("nothing was drawn: the calcium lies outside of the film or its region is too small")
    shown = blur(deposit.thickness_mm, blur_px)
    at = deposit.footprint
    in_noise = shown[at] * response.slope(film)[at] / noise[at]
    reached = float(np.percentile(in_noise, deposit.percentile))
    factor = np.float32(deposit.contrast_in_noise / max(reached, 1e-9))
    return response.with_added(film, shown * factor) - film


def add_growths(film: NDArray[np.floating], growths: Sequence[Growth], *, blur_px: float = 0.7) -> Implant:
    """Add calcium that was grown for this film, shape (Y, X), each part of which lies on it.

    Raises
    ------
    BadInput
        If nothing of a growth lies on the film.
    """
    return _add(np.asarray(film, np.float32), growths, blur_px)


def _add(plane: Pixels, growths: Sequence[Growth], blur_px: float) -> Implant:
    """Add each growth at its contrast; where two overlap, a vessel is labelled before a net, a net before a focus."""
    noise, response = local_noise(plane), Response.of(plane)
    film, mask = plane, np.zeros(plane.shape, np.uint8)
    for growth in sorted(growths, key=lambda growth: -growth.deposit.label):
        added = contrast_of_deposit(film, growth.deposit, blur_px=blur_px, response=response, noise=noise)
        film = film + added
        mask[growth.deposit.footprint & (added >= VISIBLE_IN_NOISE * noise)] = growth.deposit.label
    return Implant(
        film=film,
        mask=mask,
        lines=tuple(chain.from_iterable(growth.lines for growth in growths)),
        noise_sd=noise,
        calcium=film - plane,
        vessels=tuple(chain.from_iterable(growth.vessels for growth in growths)),
        nets=tuple(chain.from_iterable(growth.nets for growth in growths)),
    )
