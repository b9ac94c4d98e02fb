"""Mammograms of a phantom breast, with the truth that goes with them."""

from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Pixels
from calcinet.image import Image
from calcinet.phantoms import exposure as beam
from calcinet.phantoms.calcium import Deposit, density
from calcinet.phantoms.calcium_spec import NetSpec
from calcinet.phantoms.exposure import GREY_LEVELS, Exposure, Processing, blur, local_sd
from calcinet.phantoms.mammogram.arteries import grow_arteries
from calcinet.phantoms.mammogram.confounders import Extras, draw_extras
from calcinet.phantoms.mammogram.spec import BreastSpec
from calcinet.phantoms.mammogram.tissue import CALCIUM_PER_MM, GLAND_PER_MM, Breast, project_tissue
from calcinet.phantoms.nets import lay_net_of
from calcinet.phantoms.random_deposits import Growth
from calcinet.phantoms.truth import (
    AIR,
    METAL,
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
    tissue = project_tissue(spec, _open_stream(spec, 1))
    extras = draw_extras(spec, tissue, _open_stream(spec, 2))
    arteries = _grow_arteries(spec, tissue)
    nets = [_lay_net(net, index, tissue, spec) for index, net in enumerate(spec.nets)]
    wanted = _pair_with_attenuation(spec, arteries, [deposit for deposit, _ in nets])
    film = _develop(spec, tissue, extras, wanted)
    regions = _mark_regions(tissue, extras)
    deposits = [deposit for deposit, _ in wanted]
    truth = Truth(
        mask=_label_pixels([*deposits, extras.other], film, regions),
        regions=regions,
        depth_mm=tissue.depth_mm,
        vessels=tuple(chain.from_iterable(growth.vessels for growth in arteries)),
        nets=tuple(net for _, net in nets),
        noise_sd=film.noise_sd,
        calcium=film.calcium,
    )
    plane = film.plane
    if spec.laterality == "R":
        plane, truth = _flip(plane), _flip_truth(truth, spec.shape[1])
    return Phantom(_make_image(plane, spec), truth, spec)


@dataclass(frozen=True, slots=True, eq=False)
class _Developed:
    """Maps of a finished film, of shape (Y, X), in its grey levels."""

    plane: Pixels
    calcium: Pixels
    """What calcium adds to it without noise."""
    noise_sd: Pixels


def _open_stream(spec: BreastSpec, number: int, item: int = 0) -> np.random.Generator:
    return np.random.default_rng([spec.seed, 90 + number, item])


def _grow_arteries(spec: BreastSpec, tissue: Breast) -> list[Growth]:
    return grow_arteries(
        spec.arteries,
        tissue.depth_mm > min(3.0, 0.3 * float(tissue.depth_mm.max())),
        _open_stream(spec, 3),
        pixel_mm=spec.pixel_mm,
        blur_px=spec.blur_mm / spec.pixel_mm,
        towards=tissue.nipple,
    )


def _lay_net(net: NetSpec, index: int, tissue: Breast, spec: BreastSpec) -> tuple[Deposit, NetTruth]:
    where = (tissue.depth_mm > NET_DEPTH_MM[0]) & (tissue.depth_mm < NET_DEPTH_MM[1])
    return lay_net_of(net, where, pixel_mm=spec.pixel_mm, blur_mm=spec.blur_mm, rng=_open_stream(spec, 4, index))


def _pair_with_attenuation(
    spec: BreastSpec, arteries: list[Growth], nets: list[Deposit]
) -> list[tuple[Deposit, float]]:
    """Each deposit with the attenuation that it has at least; a net may have as little as its contrast asks for."""
    deposits = [growth.deposit for growth in arteries]
    least = [artery.attenuation for artery in spec.arteries]
    pairs = list(zip(deposits, least, strict=True))
    return pairs + [(net, 0.0) for net in nets]


def _develop(spec: BreastSpec, tissue: Breast, extras: Extras, wanted: list[tuple[Deposit, float]]) -> _Developed:
    """Expose and process the breast with its calcium and without."""
    exposure = Exposure(pixel_mm=spec.pixel_mm, photons=spec.photons, blur_mm=spec.blur_mm, scatter=spec.scatter)
    attenuation = tissue.attenuation + extras.metal
    plain = beam.transmit(attenuation, exposure)
    calcium_mm = _add_up_calcium(attenuation, plain, extras, exposure, wanted)
    quanta = beam.transmit(attenuation + np.float32(CALCIUM_PER_MM - GLAND_PER_MM) * calcium_mm, exposure)
    finish = _Finish.of(spec, tissue, plain, exposure)
    clean, without = finish(quanta, None), finish(plain, None)
    noisy = finish(quanta, _open_stream(spec, 5))
    noise_sd = local_sd(noisy - clean, NOISE_WINDOW_MM / spec.pixel_mm)
    film = np.clip(np.rint(noisy + extras.film * np.float32(GREY_LEVELS)), 0, GREY_LEVELS)
    return _Developed(np.asarray(film, np.float32), clean - without, noise_sd)


def _add_up_calcium(
    attenuation: Pixels, plain: Pixels, extras: Extras, exposure: Exposure, wanted: list[tuple[Deposit, float]]
) -> Pixels:
    """Dense calcium in mm: each deposit as dense as its contrast and its least attenuation ask for.

    `plain` is the quanta behind the breast without calcium. A mm of calcium changes their logarithm by its attenuation
    times the share of quanta that are not scattered.
    """
    unscattered = np.exp(-attenuation) * (CALCIUM_PER_MM - GLAND_PER_MM) * exposure.quanta
    per_mm = np.asarray(unscattered / np.maximum(plain, 1e-6), np.float32)
    noise = np.maximum(exposure.noise_kept / np.sqrt(np.maximum(plain, 1.0)), 1e-9)
    total = extras.other.thickness_mm.copy()
    for deposit, least in wanted:
        by_contrast = density(deposit, per_mm, noise, exposure.blur_px)
        by_attenuation = _find_density(deposit, least, exposure.blur_px)
        total += np.float32(max(by_contrast, by_attenuation)) * deposit.thickness_mm
    return total


def _find_density(deposit: Deposit, attenuation: float, blur_px: float) -> float:
    """Density, of pure calcium, that gives the upper part of a deposit this attenuation, up to its densest."""
    if not deposit.footprint.any():
        return 0.0
    shown = blur(deposit.thickness_mm, blur_px) * np.float32(CALCIUM_PER_MM - GLAND_PER_MM)
    reached = float(np.percentile(shown[deposit.footprint], deposit.percentile))
    return min(attenuation / max(reached, 1e-9), deposit.densest)


class _Finish:
    """Log, equalisation of the thickness, and the vendor's processing."""

    def __init__(self, spec: BreastSpec, exposure: Exposure, lifted: Pixels, window: tuple[float, float]) -> None:
        self.exposure, self.lifted = exposure, lifted
        low, high = window
        self.processing = Processing(pixel_mm=spec.pixel_mm, strength=spec.processing, low=low, high=high)

    @classmethod
    def of(cls, spec: BreastSpec, tissue: Breast, plain: Pixels, exposure: Exposure) -> "_Finish":
        missing = (spec.thickness_mm - tissue.thickness_mm) * np.float32(0.055 * spec.equalised)
        within = np.where(tissue.inside, missing, 0).astype(np.float32)
        lifted = blur(within, 1.0 / spec.pixel_mm) * tissue.inside
        shown = beam.logarithm(beam.detect(plain, exposure, None), exposure) + lifted
        low, high = (float(level) for level in np.percentile(shown[tissue.inside][::11], (2, 99.8)))
        beyond = 0.35 * (high - low)
        return cls(spec, exposure, lifted, (low - beyond - 0.1, high + beyond))

    def __call__(self, quanta: Pixels, rng: np.random.Generator | None) -> Pixels:
        read = beam.detect(quanta, self.exposure, rng)
        return self.processing(beam.logarithm(read, self.exposure) + self.lifted)


def _mark_regions(tissue: Breast, extras: Extras) -> NDArray[np.uint8]:
    regions = np.where(tissue.inside, SOFT, AIR).astype(np.uint8)
    regions[extras.metal > METAL_SHOWS] = METAL
    return regions


def _label_pixels(deposits: list[Deposit], film: _Developed, regions: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Label what can be seen; arteries cover nets, both cover other calcium."""
    mask = np.zeros(regions.shape, np.uint8)
    for deposit in sorted(deposits, key=lambda deposit: -deposit.label):
        mask[deposit.footprint] = deposit.label
    mask[(film.calcium < VISIBLE_IN_NOISE * film.noise_sd) | (regions != SOFT)] = 0
    return mask


def _flip(plane: A) -> A:
    """A right breast has its chest wall along the last column."""
    return np.ascontiguousarray(plane[:, ::-1])  # type: ignore[return-value]


def _flip_truth(truth: Truth, columns: int) -> Truth:
    return Truth(
        mask=_flip(truth.mask),
        regions=_flip(truth.regions),
        depth_mm=_flip(truth.depth_mm),
        vessels=tuple(_flip_vessel(vessel, columns) for vessel in truth.vessels),
        nets=tuple(_flip_net(net, columns) for net in truth.nets),
        noise_sd=_flip(truth.noise_sd),
        calcium=_flip(truth.calcium),
    )


def _flip_vessel(vessel: VesselTruth, columns: int) -> VesselTruth:
    return replace(vessel, centre_line=_flip_points(vessel.centre_line, columns))


def _flip_net(net: NetTruth, columns: int) -> NetTruth:
    lines = tuple(_flip_points(line, columns) for line in net.lines)
    return replace(net, lines=lines, outline=_flip_points(net.outline, columns))


def _flip_points(points: Floats, columns: int) -> Floats:
    return points * (1, -1) + (0, columns - 1)


def _make_image(plane: Pixels, spec: BreastSpec) -> Image:
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
