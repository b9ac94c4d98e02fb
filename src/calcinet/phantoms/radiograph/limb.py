"""Radiographs of a leg, a foot or a hand with calcified arteries and nets of exactly known place and size."""

from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Pixels
from calcinet.image import Image
from calcinet.phantoms import exposure as beam
from calcinet.phantoms.calcium import Deposit, density
from calcinet.phantoms.calcium_spec import NetSpec, VesselSpec
from calcinet.phantoms.exposure import Exposure, Processing, blur, local_sd
from calcinet.phantoms.nets import lay_net_of
from calcinet.phantoms.radiograph.anatomy import ANATOMIES
from calcinet.phantoms.radiograph.body import Body, project_limb
from calcinet.phantoms.radiograph.confounders import Clutter, draw_confounders
from calcinet.phantoms.radiograph.random_spec import random_spec
from calcinet.phantoms.radiograph.rods import Limb, move
from calcinet.phantoms.radiograph.side_marker import draw_lead_letter
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
from calcinet.phantoms.vessels import CalcifiedBranch, calcify, grow_branches, vessel_deposit

__all__ = ["LimbSpec", "NetSpec", "VesselSpec", "limb", "random_spec"]

METAL_SHOWS: Final = 0.5
"""Attenuation from which added metal counts as metal. Our choice: the plate under a letter does not."""

NOISE_WINDOW_MM: Final = 2.5
"""SD of the window in which the finished noise is measured. Our choice: some hundred pixels, less than a muscle."""

LEAST_DEPTH_MM: Final = 0.5
"""Under the skin as projected: calcium that is shallower is not drawn. Our choice."""

LEAST_POINTS: Final = 4
"""Points of a branch within the limb from which truth lists it. Our choice."""

SUBCUTIS_MM: Final = 6.0
"""An artery whose median depth is less is called one of the subcutis. Our choice, the usual thickness of the fat."""


@dataclass(frozen=True, slots=True, eq=False)
class _Developed:
    """Maps of a finished film, of shape (Y, X), in its grey levels."""

    plane: Pixels
    calcium: Pixels
    """What calcium adds to it without noise."""
    noise_sd: Pixels


def limb(spec: LimbSpec) -> Phantom[LimbSpec]:
    """Make the film that `spec` asks for; the same spec gives the same bytes.

    Body, confounders, each vessel, each net and the noise have random streams of their own, so that a spec without
    its nets is the same limb without them.
    """
    parts = _place_anatomy(spec)
    body = project_limb(parts, spec, _open_stream(spec, 1))
    clutter = draw_confounders(spec, body, _open_stream(spec, 2))
    if spec.letter:
        draw_lead_letter(clutter, spec.letter)
    vessels = [_draw_vessel(number, parts, body, spec) for number in range(len(spec.vessels))]
    nets = [_lay_net(net, number, body, spec) for number, net in enumerate(spec.nets)]
    deposits = [deposit for deposit, _ in vessels] + [deposit for deposit, _ in nets] + [_gather_other(clutter)]
    film = _Film(spec, body, clutter)
    developed = film.develop(film.add_up_calcium(deposits))
    truth = Truth(
        mask=_label_pixels(deposits, developed, film.regions),
        regions=film.regions,
        depth_mm=body.depth_mm,
        vessels=tuple(chain.from_iterable(truths for _, truths in vessels)),
        nets=tuple(truth for _, truth in nets),
        noise_sd=developed.noise_sd,
        calcium=developed.calcium,
    )
    return Phantom(_make_image(developed.plane, spec), truth, spec)


def _open_stream(spec: LimbSpec, number: int, item: int = 0) -> np.random.Generator:
    return np.random.default_rng([spec.seed, number, item])


def _place_anatomy(spec: LimbSpec) -> Limb:
    """The anatomy turned, mirrored and moved to the film, in mm from its corner."""
    angle = np.radians(spec.angle_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    centre = 0.5 * np.asarray(spec.field_mm) + spec.shift_mm
    flip = np.array([1.0, 1.0])
    if spec.mirrored:
        flip = np.array([1.0, -1.0])

    def place(points: Floats) -> Floats:
        return np.asarray((points * flip) @ turn + centre)

    return move(ANATOMIES[spec.anatomy](_open_stream(spec, 0)), place, spec.girth)


def _draw_vessel(number: int, parts: Limb, body: Body, spec: LimbSpec) -> tuple[Deposit, list[VesselTruth]]:
    """An artery with its branches: its calcium, and what each branch truly is."""
    vessel, rng = spec.vessels[number], _open_stream(spec, 3, number)
    course = parts.arteries[vessel.artery % len(parts.arteries)]
    branches = grow_branches(course, vessel, rng)
    calcified = [calcify(branch, vessel, spec.pixel_mm, rng) for branch in branches]
    deposit = vessel_deposit(
        list(chain.from_iterable(branch.tubes for branch in calcified)),
        spec.shape,
        pixel_mm=spec.pixel_mm,
        blur_px=spec.blur_mm / spec.pixel_mm,
        contrast_in_noise=vessel.contrast_in_noise,
    )
    inside = body.depth_mm > LEAST_DEPTH_MM
    deposit.thickness_mm[~inside] = 0
    deposit.footprint[~inside] = False
    truths = []
    for branch in calcified:
        truth = _describe_branch(branch, body)
        if truth is not None:
            truths.append(truth)
    return deposit, truths


def _describe_branch(branch: CalcifiedBranch, body: Body) -> VesselTruth | None:
    """The stretch of a branch that lies in the limb on the film; None where it is too short."""
    spots = np.rint(branch.path_px).astype(int)
    shape = np.array(body.regions.shape)
    on_film = ((spots >= 0) & (spots < shape)).all(axis=1)
    rows, columns = np.clip(spots, 0, shape - 1).T
    inside = on_film & (body.depth_mm[rows, columns] > LEAST_DEPTH_MM)
    if inside.sum() < LEAST_POINTS:
        return None
    here = (rows[inside], columns[inside])
    return VesselTruth(
        centre_line=branch.path_px[inside],
        diameter_mm=branch.diameter_mm[inside],
        compartment=_name_compartment(body.regions[here], body.depth_mm[here]),
        calcified=branch.calcified[inside],
    )


def _name_compartment(regions: NDArray[np.uint8], depth_mm: Pixels) -> str:
    """The compartment by where most of an artery projects."""
    if float(np.mean(regions == BONE)) > 0.5:
        return "bone overlap"
    if float(np.median(depth_mm)) < SUBCUTIS_MM:
        return "subcutis"
    return "muscle"


def _lay_net(net: NetSpec, number: int, body: Body, spec: LimbSpec) -> tuple[Deposit, NetTruth]:
    """A net in the limb within the collimated field, about a point that is not over bone."""
    mm, (rows, columns) = spec.pixel_mm, spec.shape
    top, side = round(spec.margin_mm[0] / mm), round(spec.margin_mm[1] / mm)
    where = body.depth_mm > min(1.0, 0.3 * float(body.depth_mm.max()))
    where[:top] = where[rows - top :] = False
    where[:, :side] = where[:, columns - side :] = False
    about = where & (body.regions == SOFT)
    return lay_net_of(net, where, pixel_mm=mm, blur_mm=spec.blur_mm, rng=_open_stream(spec, 4, number), about=about)


def _gather_other(clutter: Clutter) -> Deposit:
    """Calcium of confounders, which is drawn as dense as it is."""
    return Deposit(
        thickness_mm=clutter.calcium_mm,
        footprint=clutter.calcium_mm > 0.02,
        label=OTHER,
        contrast_in_noise=float("nan"),
        percentile=50.0,
    )


class _Film:
    """One exposure of a limb, with calcium and without."""

    def __init__(self, spec: LimbSpec, body: Body, clutter: Clutter) -> None:
        self.spec = spec
        self.exposure = Exposure(
            pixel_mm=spec.pixel_mm, photons=spec.photons, blur_mm=spec.blur_mm, scatter=spec.scatter
        )
        self.attenuation = body.attenuation + clutter.attenuation + clutter.metal
        self.field = _open_collimator(spec)
        self.regions = _mark_regions(body, clutter, self.field)
        self.plain = beam.transmit(self.attenuation, self.exposure) * self.field
        low, high = self._choose_window()
        self.processing = Processing(pixel_mm=spec.pixel_mm, strength=spec.processing, low=low, high=high)

    def add_up_calcium(self, deposits: list[Deposit]) -> Pixels:
        """Dense calcium in mm: each deposit at the density that its contrast asks for.

        A mm of calcium changes the logarithm of the quanta by its attenuation times the share of them that is not
        scattered.
        """
        primary = np.exp(-self.attenuation) * self.exposure.quanta * self.field
        per_mm = (beam.CALCIUM_PER_MM - beam.MUSCLE_PER_MM) * primary / np.maximum(self.plain, 1e-6)
        noise = np.maximum(self.exposure.noise_kept / np.sqrt(np.maximum(self.plain, 1.0)), 1e-9)
        total = np.zeros(self.spec.shape, np.float32)
        for deposit in deposits:
            share = 1.0
            if deposit.label != OTHER:
                share = density(deposit, per_mm, noise, self.exposure.blur_px)
            total += np.float32(share) * deposit.thickness_mm
        return total

    def develop(self, calcium_mm: Pixels) -> _Developed:
        """Expose and process the limb with its calcium and without."""
        added = np.float32(beam.CALCIUM_PER_MM - beam.MUSCLE_PER_MM) * calcium_mm
        quanta = beam.transmit(self.attenuation + added, self.exposure) * self.field
        clean, without = self._finish(quanta, None), self._finish(self.plain, None)
        noisy = self._finish(quanta, _open_stream(self.spec, 5))
        noise_sd = local_sd(noisy - clean, NOISE_WINDOW_MM / self.spec.pixel_mm)
        plane = np.rint(noisy)
        if self.spec.border == "black":
            plane[self.regions == BORDER] = 0
        return _Developed(plane, clean - without, noise_sd)

    def _choose_window(self) -> tuple[float, float]:
        """Attenuation that becomes black, and that becomes white."""
        shown = beam.logarithm(beam.detect(self.plain, self.exposure, None), self.exposure)
        anatomy = shown[(self.regions == SOFT) | (self.regions == BONE)]
        high = 1.0
        if anatomy.size:
            high = float(np.percentile(anatomy[::7], 99.7))
        low = -self.spec.black_level * high
        return low, high + 0.12 * (high - low)

    def _finish(self, quanta: Pixels, rng: np.random.Generator | None) -> Pixels:
        read = beam.detect(quanta, self.exposure, rng)
        return self.processing(beam.logarithm(read, self.exposure))


def _open_collimator(spec: LimbSpec) -> Pixels:
    """Fraction of the beam that the collimator lets through."""
    if spec.border == "none":
        return np.ones(spec.shape, np.float32)
    rows, columns = spec.shape
    top, side = round(spec.margin_mm[0] / spec.pixel_mm), round(spec.margin_mm[1] / spec.pixel_mm)
    opened = np.zeros(spec.shape, np.float32)
    opened[top : rows - top, side : columns - side] = 1
    edge = blur(opened, 0.5 / spec.pixel_mm)
    glow = blur(opened, 9.0 / spec.pixel_mm)
    return np.asarray(np.maximum(edge, 0.0008 + 0.05 * np.clip(glow, 0, 1) ** 2), np.float32)


def _mark_regions(body: Body, clutter: Clutter, field: Pixels) -> NDArray[np.uint8]:
    regions = body.regions.copy()
    regions[clutter.metal > METAL_SHOWS] = METAL
    regions[field < 0.5] = BORDER
    return regions


def _label_pixels(deposits: list[Deposit], film: _Developed, regions: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Label what can be seen; vessels cover nets, both cover other calcium."""
    mask = np.zeros(regions.shape, np.uint8)
    for deposit in sorted(deposits, key=lambda deposit: -deposit.label):
        mask[deposit.footprint] = deposit.label
    mask[film.calcium < VISIBLE_IN_NOISE * film.noise_sd] = 0
    mask[np.isin(regions, (BORDER, METAL, AIR))] = 0
    return mask


def _make_image(plane: Pixels, spec: LimbSpec) -> Image:
    laterality = None
    if spec.letter in ("L", "R"):
        laterality = spec.letter
    return Image(
        np.ascontiguousarray(plane[None]),
        (1.0, spec.pixel_mm, spec.pixel_mm),
        "1",
        spacing_basis="calibrated",
        magnification=spec.magnification,
        anatomy=spec.anatomy,
        laterality=laterality,
        view="AP",
    )
