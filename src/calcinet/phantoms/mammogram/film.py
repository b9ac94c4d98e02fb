"""Mammograms of a phantom breast, with the truth that goes with them."""

from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Pixels
from calcinet.image import Image
from calcinet.phantoms import exposure as beam
from calcinet.phantoms.calcium import Deposit, density
from calcinet.phantoms.exposure import GREY_LEVELS, Exposure, Processing, blurred, local_sd
from calcinet.phantoms.mammogram.arteries import grow_arteries
from calcinet.phantoms.mammogram.extras import Extras, extras
from calcinet.phantoms.mammogram.spec import BreastSpec
from calcinet.phantoms.mammogram.tissue import CALCIUM_PER_MM, GLAND_PER_MM, Breast, tissue
from calcinet.phantoms.nets import net_of
from calcinet.phantoms.radiograph.spec import NetSpec
from calcinet.phantoms.random_deposits import Growth
from calcinet.phantoms.truth import (
    AIR,
    METAL,
    OTHER,
    SOFT,
    VISIBLE_IN_NOISE,
    NetTruth,
    Phantom,
    Truth,
    VesselTruth,
)

NOISE_WINDOW_MM: Final = 2.0
"""SD of the window in which the finished noise is measured. Our choice: some hundred pixels."""

NET_DEPTH_MM: Final = (1.0, 14.0)
"""Where nets lie under the skin line. Our choice: the subcutis as it projects."""

METAL_SHOWS: Final = 0.5
"""Attenuation from which added metal counts as metal. Our choice, as on limbs."""

A = TypeVar("A", bound=NDArray[Any])


def breast(spec: BreastSpec) -> Phantom[BreastSpec]:
    """Make the mammogram that `spec` asks for; the same spec gives the same bytes.

    Tissue, arteries, nets, everything else and the noise have random streams of their own, so that a spec without its
    arteries is the same breast without them.
    """
    made = tissue(spec, _stream(spec, 1))
    added = extras(spec, made, _stream(spec, 2))
    arteries = grow_arteries(
        spec.arteries,
        made.depth_mm > min(3.0, 0.3 * float(made.depth_mm.max())),
        _stream(spec, 3),
        pixel_mm=spec.pixel_mm,
        blur_px=spec.blur_mm / spec.pixel_mm,
        towards=made.nipple,
    )
    nets = [_net(net, index, made, spec) for index, net in enumerate(spec.nets)]
    known = [growth.deposit for growth in arteries] + [deposit for deposit, _ in nets]
    least = [artery.attenuation for artery in spec.arteries] + [0.0] * len(nets)
    plane, calcium, noise_sd = _developed(spec, made, added, list(zip(known, least, strict=True)))
    regions = _regions(made, added)
    mask = _mask([*known, added.other], calcium, noise_sd, regions)
    right = spec.laterality == "R"
    truth = Truth(
        _flip(mask, right),
        _flip(regions, right),
        _flip(made.depth_mm, right),
        tuple(_vessel(one, spec, right) for growth in arteries for one in growth.vessels),
        tuple(_turned_net(net, spec, right) for _, net in nets),
        _flip(noise_sd, right),
        _flip(calcium, right),
    )
    return Phantom(_as_image(_flip(plane, right), spec), truth, spec)


def _stream(spec: BreastSpec, part: int, item: int = 0) -> np.random.Generator:
    return np.random.default_rng([spec.seed, 90 + part, item])


def _net(net: NetSpec, index: int, made: Breast, spec: BreastSpec) -> tuple[Deposit, NetTruth]:
    where = (made.depth_mm > NET_DEPTH_MM[0]) & (made.depth_mm < NET_DEPTH_MM[1])
    return net_of(net, where, pixel_mm=spec.pixel_mm, blur_mm=spec.blur_mm, rng=_stream(spec, 4, index))


def _developed(
    spec: BreastSpec, made: Breast, added: Extras, known: list[tuple[Deposit, float]]
) -> tuple[Pixels, Pixels, Pixels]:
    """The film, what calcium adds to it without noise, and its noise; deposits come with their least attenuation."""
    exposure = Exposure(spec.pixel_mm, spec.photons, spec.blur_mm, spec.scatter)
    attenuation = made.attenuation + added.metal
    plain = beam.transmitted(attenuation, exposure)
    per_mm = (CALCIUM_PER_MM - GLAND_PER_MM) * np.exp(-attenuation) * exposure.quanta / np.maximum(plain, 1e-6)
    noise = np.maximum(exposure.noise_kept / np.sqrt(np.maximum(plain, 1.0)), 1e-9)
    total = added.other.thickness_mm.copy()
    for deposit, least in known:
        share = density(deposit, per_mm, noise, exposure.blur_px)
        total += np.float32(max(share, _share_for(deposit, least, exposure.blur_px))) * deposit.thickness_mm
    quanta = beam.transmitted(attenuation + np.float32(CALCIUM_PER_MM - GLAND_PER_MM) * total, exposure)
    finish = _Finish.of(spec, made, plain, exposure)
    clean, without = finish(quanta, None), finish(plain, None)
    noisy = finish(quanta, _stream(spec, 5))
    noise_sd = local_sd(noisy - clean, NOISE_WINDOW_MM / spec.pixel_mm)
    film = np.clip(np.rint(noisy + added.film * np.float32(GREY_LEVELS)), 0, GREY_LEVELS)
    return np.asarray(film, np.float32), clean - without, noise_sd


def _share_for(deposit: Deposit, attenuation: float, blur_px: float) -> float:
    """Density, of pure calcium, that gives the upper part of a deposit so much attenuation, up to its densest."""
    if not deposit.footprint.any():
        return 0.0
    shown = blurred(deposit.thickness_mm, blur_px) * np.float32(CALCIUM_PER_MM - GLAND_PER_MM)
    reached = float(np.percentile(shown[deposit.footprint], deposit.percentile))
    return min(attenuation / max(reached, 1e-9), deposit.densest)


class _Finish:
    """Log, equalisation of the thickness, and the vendor's processing."""

    def __init__(self, spec: BreastSpec, exposure: Exposure, lifted: Pixels, window: tuple[float, float]) -> None:
        self.exposure, self.lifted = exposure, lifted
        self.processing = Processing(spec.pixel_mm, spec.processing, *window)

    @classmethod
    def of(cls, spec: BreastSpec, made: Breast, plain: Pixels, exposure: Exposure) -> "_Finish":
        missing = (spec.thickness_mm - made.thickness_mm) * np.float32(0.055 * spec.equalised)
        lifted = blurred(np.where(made.inside, missing, 0).astype(np.float32), 1.0 / spec.pixel_mm) * made.inside
        shown = beam.logarithm(beam.detected(plain, exposure, None), exposure) + lifted
        low, high = (float(v) for v in np.percentile(shown[made.inside][::11], (2, 99.8)))
        return cls(spec, exposure, lifted, (low - 0.35 * (high - low) - 0.1, high + 0.35 * (high - low)))

    def __call__(self, quanta: Pixels, rng: np.random.Generator | None) -> Pixels:
        read = beam.detected(quanta, self.exposure, rng)
        return self.processing(beam.logarithm(read, self.exposure) + self.lifted)


def _regions(made: Breast, added: Extras) -> NDArray[np.uint8]:
    regions = np.where(made.inside, SOFT, AIR).astype(np.uint8)
    regions[added.metal > METAL_SHOWS] = METAL
    return regions


def _mask(deposits: list[Deposit], calcium: Pixels, noise_sd: Pixels, regions: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Label what can be seen; arteries lie over nets, both over other calcium."""
    mask = np.zeros(regions.shape, np.uint8)
    for deposit in sorted(deposits, key=lambda one: -one.label):
        mask[deposit.footprint] = deposit.label
    mask[(calcium < VISIBLE_IN_NOISE * noise_sd) | (regions != SOFT)] = 0
    return mask


def _flip(plane: A, right: bool) -> A:
    """A right breast has its chest wall along the last column."""
    return np.ascontiguousarray(plane[:, ::-1]) if right else plane  # type: ignore[return-value]


def _turned(points: Floats, spec: BreastSpec, right: bool) -> Floats:
    return points * (1, -1) + (0, spec.shape[1] - 1) if right else points


def _vessel(one: VesselTruth, spec: BreastSpec, right: bool) -> VesselTruth:
    return VesselTruth(_turned(one.centre_line, spec, right), one.diameter_mm, one.compartment, one.calcified)


def _turned_net(net: NetTruth, spec: BreastSpec, right: bool) -> NetTruth:
    lines = tuple(_turned(line, spec, right) for line in net.lines)
    return NetTruth(net.mesh_mm, net.line_mm, net.depth_mm, lines, _turned(net.outline, spec, right))


def _as_image(plane: Pixels, spec: BreastSpec) -> Image:
    return Image(
        np.ascontiguousarray(plane[None]),
        (1.0, spec.pixel_mm, spec.pixel_mm),
        "1",
        modality="MG",
        spacing_basis="corrected",
        magnification=1.0,
        anatomy="breast",
        laterality=spec.laterality,
        view=spec.view,
    )


__all__ = ["OTHER", "Growth", "breast"]
