"""Known calcium put into a real film, in units of the film's own noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calcinet.errors import BadInput
from calcinet.phantoms.calcium import Deposit, Tube
from calcinet.phantoms.exposure import Pixels, blurred
from calcinet.phantoms.nets import Net, net_deposit, net_lines
from calcinet.phantoms.rods import Floats
from calcinet.phantoms.truth import VISIBLE_IN_NOISE
from calcinet.phantoms.vessels import vessel_deposit


@dataclass(frozen=True, slots=True, eq=False)
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


def local_noise(film: Pixels, window_px: float = 12.0) -> Pixels:
    """Local SD of a film's fine noise, shape (Y, X).

    The film less its blur of 1.5 pixels, squared and averaged over a window; values beyond four robust SDs are edges
    and are cut off. Our choice: simple, and right within some ten per cent on noise that is nearly white.
    """
    plane = np.asarray(film, np.float32)
    fine = plane - blurred(plane, 1.5)
    limit = 4 * float(np.median(np.abs(fine))) / 0.6745 + 1e-6
    variance = blurred(np.minimum(fine**2, limit**2), window_px)
    return np.sqrt(np.maximum(variance, 1e-6)).astype(np.float32)


def implant_net(
    film: NDArray[np.floating],
    where: NDArray[np.bool_],
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
    plane = _checked(film, where)
    rng = np.random.default_rng([seed, 4])
    area = float(fraction * where.sum()) if patch_px2 is None else patch_px2
    net: Net = net_lines(where, mesh_px=mesh_px, area_px2=area, broken=broken, rng=rng)
    deposit = net_deposit(
        net, plane.shape, line_px=line_px, pixel_mm=1.0, blur_px=blur_px, contrast_in_noise=contrast_in_noise, rng=rng
    )
    return _added(plane, deposit, net.lines, blur_px)


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
    plane = _checked(film, np.ones(film.shape, bool))
    points = np.asarray(path, float)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise BadInput(f"a path has shape (N, 2) with two points or more, got {points.shape}")
    outer = np.broadcast_to(np.asarray(diameter_px, float) / 2, (len(points),)).copy()
    whole = np.ones(len(points))
    tube = Tube(points, outer, wall_px, whole, whole, whole)
    deposit = vessel_deposit([tube], plane.shape, pixel_mm=1.0, blur_px=blur_px, contrast_in_noise=contrast_in_noise)
    return _added(plane, deposit, (points,), blur_px)


def _checked(film: NDArray[np.floating], where: NDArray[np.bool_]) -> Pixels:
    if film.ndim != 2 or film.shape != where.shape:
        raise BadInput(f"a film has shape (Y, X) and its region the same, got {film.shape} and {where.shape}")
    return np.asarray(film, np.float32)


def _added(plane: Pixels, deposit: Deposit, lines: tuple[Floats, ...], blur_px: float) -> Implant:
    """Scale a deposit to the film's noise and add it."""
    noise = local_noise(plane)
    shown = blurred(deposit.thickness_mm, blur_px)
    if not deposit.footprint.any():
        raise BadInput("nothing was drawn: the calcium lies outside of the film or its region is too small")
    reached = float(np.percentile(shown[deposit.footprint], deposit.percentile))
    calcium = np.asarray(shown / reached * deposit.contrast_in_noise * noise, np.float32)
    mask = np.where(deposit.footprint & (calcium >= VISIBLE_IN_NOISE * noise), deposit.label, 0).astype(np.uint8)
    return Implant(plane + calcium, mask, lines, noise, calcium)
