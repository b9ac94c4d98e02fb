"""Radiographs of a leg, a foot or a hand with calcified arteries and nets of exactly known place and size."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Pixels
from calcinet.image import Image
from calcinet.phantoms import exposure as beam
from calcinet.phantoms.calcium import Deposit, Tube, density
from calcinet.phantoms.calcium_spec import NetSpec, VesselSpec
from calcinet.phantoms.exposure import Exposure, Processing, blur, local_sd
from calcinet.phantoms.nets import lay_net_of
from calcinet.phantoms.radiograph.anatomy import ANATOMIES, Limb, moved
from calcinet.phantoms.radiograph.body import Body, body
from calcinet.phantoms.radiograph.confounders import Clutter, clutter
from calcinet.phantoms.radiograph.random_spec import random_spec
from calcinet.phantoms.radiograph.side_marker import lead_letter
from calcinet.phantoms.radiograph.spec import LimbSpec
from calcinet.phantoms.truth import (
    AIR,
    BONE,
    BORDER,
    METAL,
    OTHER,
    SOFT,
    VISIBLE_IN_NOISE,
    NetTruth,
    Phantom,
    Truth,
    VesselTruth,
)
from calcinet.phantoms.vessels import Branch, grow_branches, make_tube, mark_calcified, vessel_deposit

__all__ = ["LimbSpec", "NetSpec", "VesselSpec", "limb", "random_spec"]

METAL_SHOWS: Final = 0.5
"""Attenuation from which added metal counts as metal. Our choice: the plate under a letter does not."""

NOISE_WINDOW_MM: Final = 2.5
"""SD of the window in which the finished noise is measured. Our choice: some hundred pixels, less than a muscle."""


@dataclass(frozen=True, slots=True, eq=False)
class _Vessels:
    deposits: tuple[Deposit, ...]
    truths: tuple[VesselTruth, ...]


def limb(spec: LimbSpec) -> Phantom[LimbSpec]:
    """Make the film that `spec` asks for; the same spec gives the same bytes.

    Body, confounders, each vessel, each net and the noise have random streams of their own, so that a spec without
    its nets is the same limb without them.
    """
    parts = _placed(spec)
    frame = body(parts, spec, _stream(spec, 1))
    mess = clutter(spec, frame, _stream(spec, 2))
    if spec.letter:
        lead_letter(mess, spec.letter)
    vessels = _vessels(parts, frame, spec)
    nets = [_net(net, k, frame, spec) for k, net in enumerate(spec.nets)]
    deposits = [*vessels.deposits, *(deposit for deposit, _ in nets), _other(mess)]
    film = _Film(spec, frame, mess)
    calcium_mm = film.calcium(deposits)
    image, truth_maps = film.develop(calcium_mm)
    mask = _mask(deposits, *truth_maps, film.regions)
    truth = Truth(
        mask=mask,
        regions=film.regions,
        depth_mm=frame.depth_mm,
        vessels=vessels.truths,
        nets=tuple(t for _, t in nets),
        noise_sd=truth_maps[1],
        calcium=truth_maps[0],
    )
    return Phantom(_as_image(image, spec), truth, spec)


def _stream(spec: LimbSpec, part: int, item: int = 0) -> np.random.Generator:
    return np.random.default_rng([spec.seed, part, item])


def _placed(spec: LimbSpec) -> Limb:
    """The anatomy turned, mirrored and moved to the film, in mm from its corner."""
    angle = np.radians(spec.angle_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    centre = 0.5 * np.asarray(spec.field_mm) + spec.shift_mm
    flip = np.array([1.0, -1.0 if spec.mirrored else 1.0])

    def place(points: Floats) -> Floats:
        return np.asarray((points * flip) @ turn + centre)

    return moved(ANATOMIES[spec.anatomy](_stream(spec, 0)), place, spec.girth)


def _vessels(parts: Limb, frame: Body, spec: LimbSpec) -> _Vessels:
    deposits, truths = [], []
    for k, vessel in enumerate(spec.vessels):
        rng = _stream(spec, 3, k)
        branches = grow_branches(parts.arteries[vessel.artery % len(parts.arteries)], vessel, rng)
        tubes = [make_tube(branch, vessel, spec.pixel_mm, rng) for branch in branches]
        made = vessel_deposit(
            tubes,
            spec.shape,
            pixel_mm=spec.pixel_mm,
            blur_px=spec.blur_mm / spec.pixel_mm,
            contrast_in_noise=vessel.contrast_in_noise,
        )
        inside = frame.depth_mm > 0.5
        made.thickness_mm[~inside] = 0
        made.footprint[~inside] = False
        deposits.append(made)
        truths += [t for b, c in zip(branches, tubes, strict=True) if (t := _vessel_truth(b, c, frame)) is not None]
    return _Vessels(tuple(deposits), tuple(truths))


def _vessel_truth(branch: Branch, drawn: Tube, frame: Body) -> VesselTruth | None:
    """The part of a branch that lies in the limb on the film."""
    spots = np.rint(drawn.path_px).astype(int)
    shape = np.array(frame.regions.shape)
    on_film = ((spots >= 0) & (spots < shape)).all(axis=1)
    spots = np.clip(spots, 0, shape - 1)
    inside = on_film & (frame.depth_mm[spots[:, 0], spots[:, 1]] > 0.5)
    if inside.sum() < 4:
        return None
    over_bone = float(np.mean(frame.regions[spots[inside, 0], spots[inside, 1]] == BONE))
    shallow = float(np.median(frame.depth_mm[spots[inside, 0], spots[inside, 1]])) < 6.0
    compartment = "muscle"
    if over_bone > 0.5:
        compartment = "bone overlap"
    elif shallow:
        compartment = "subcutis"
    return VesselTruth(
        centre_line=drawn.path_px[inside],
        diameter_mm=branch.diameter_mm[inside],
        compartment=compartment,
        calcified=mark_calcified(drawn.left, drawn.right)[inside],
    )


def _net(net: NetSpec, index: int, frame: Body, spec: LimbSpec) -> tuple[Deposit, NetTruth]:
    mm = spec.pixel_mm
    within = [round(m / mm) for m in spec.margin_mm]
    where = frame.depth_mm > min(1.0, 0.3 * float(frame.depth_mm.max()))
    where[: within[0]] = where[spec.shape[0] - within[0] :] = False
    where[:, : within[1]] = where[:, spec.shape[1] - within[1] :] = False
    about = where & (frame.regions == SOFT)
    return lay_net_of(net, where, pixel_mm=mm, blur_mm=spec.blur_mm, rng=_stream(spec, 4, index), about=about)


def _other(mess: Clutter) -> Deposit:
    return Deposit(
        thickness_mm=mess.calcium_mm,
        footprint=mess.calcium_mm > 0.02,
        label=OTHER,
        contrast_in_noise=float("nan"),
        percentile=50.0,
    )


class _Film:
    """One exposure of a limb, with calcium and without."""

    def __init__(self, spec: LimbSpec, frame: Body, mess: Clutter) -> None:
        self.spec = spec
        self.exposure = Exposure(
            pixel_mm=spec.pixel_mm, photons=spec.photons, blur_mm=spec.blur_mm, scatter=spec.scatter
        )
        self.attenuation = frame.attenuation + mess.attenuation + mess.metal
        self.field = _field(spec)
        self.regions = _regions(frame, mess, self.field)
        self.plain = beam.transmit(self.attenuation, self.exposure) * self.field
        shown = beam.logarithm(beam.detect(self.plain, self.exposure, None), self.exposure)
        anatomy = shown[(self.regions == SOFT) | (self.regions == BONE)]
        high = float(np.percentile(anatomy[::7], 99.7)) if anatomy.size else 1.0
        low = -spec.black_level * high
        self.processing = Processing(
            pixel_mm=spec.pixel_mm, strength=spec.processing, low=low, high=high + 0.12 * (high - low)
        )

    def calcium(self, deposits: list[Deposit]) -> Pixels:
        """Add up the deposits, each at the density that its contrast asks for, in mm of dense calcium."""
        primary = np.exp(-self.attenuation) * self.exposure.quanta * self.field
        per_mm = (beam.CALCIUM_PER_MM - beam.MUSCLE_PER_MM) * primary / np.maximum(self.plain, 1e-6)
        noise = np.maximum(self.exposure.noise_kept / np.sqrt(np.maximum(self.plain, 1.0)), 1e-9)
        total = np.zeros(self.spec.shape, np.float32)
        for deposit in deposits:
            known = deposit.label != OTHER
            share = density(deposit, per_mm, noise, self.exposure.blur_px) if known else 1.0
            total += np.float32(share) * deposit.thickness_mm
        return total

    def develop(self, calcium_mm: Pixels) -> tuple[Pixels, tuple[Pixels, Pixels]]:
        """The film, and the maps of noiseless calcium contrast and of local noise."""
        added = np.float32(beam.CALCIUM_PER_MM - beam.MUSCLE_PER_MM) * calcium_mm
        quanta = beam.transmit(self.attenuation + added, self.exposure) * self.field
        clean, without = self._finished(quanta, None), self._finished(self.plain, None)
        noisy = self._finished(quanta, _stream(self.spec, 5))
        noise_sd = local_sd(noisy - clean, NOISE_WINDOW_MM / self.spec.pixel_mm)
        film = np.rint(noisy)
        if self.spec.border == "black":
            film[self.regions == BORDER] = 0
        return film, (clean - without, noise_sd)

    def _finished(self, quanta: Pixels, rng: np.random.Generator | None) -> Pixels:
        read = beam.detect(quanta, self.exposure, rng)
        return self.processing(beam.logarithm(read, self.exposure))


def _field(spec: LimbSpec) -> Pixels:
    """Fraction of the beam that the collimator lets through."""
    if spec.border == "none":
        return np.ones(spec.shape, np.float32)
    rows, columns = spec.shape
    top, side = (round(mm / spec.pixel_mm) for mm in spec.margin_mm)
    opened = np.zeros(spec.shape, np.float32)
    opened[top : rows - top, side : columns - side] = 1
    edge = blur(opened, 0.5 / spec.pixel_mm)
    glow = blur(opened, 9.0 / spec.pixel_mm)
    return np.asarray(np.maximum(edge, 0.0008 + 0.05 * np.clip(glow, 0, 1) ** 2), np.float32)


def _regions(frame: Body, mess: Clutter, field: Pixels) -> NDArray[np.uint8]:
    regions = frame.regions.copy()
    regions[mess.metal > METAL_SHOWS] = METAL
    regions[field < 0.5] = BORDER
    return regions


def _mask(deposits: list[Deposit], calcium: Pixels, noise_sd: Pixels, regions: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Label what can be seen; vessels lie over nets, both over other calcium."""
    mask = np.zeros(regions.shape, np.uint8)
    for deposit in sorted(deposits, key=lambda d: -d.label):
        mask[deposit.footprint] = deposit.label
    hidden = (calcium < VISIBLE_IN_NOISE * noise_sd) | (regions == BORDER) | (regions == METAL) | (regions == AIR)
    mask[hidden] = 0
    return mask


def _as_image(plane: Pixels, spec: LimbSpec) -> Image:
    return Image(
        np.ascontiguousarray(plane[None]),
        (1.0, spec.pixel_mm, spec.pixel_mm),
        "1",
        spacing_basis="calibrated",
        magnification=spec.magnification,
        anatomy=spec.anatomy,
        laterality=spec.letter if spec.letter in ("L", "R") else None,
        view="AP",
    )
