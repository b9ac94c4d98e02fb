"""Training samples: phantoms, and calcium grown into real films; drawn on the fly, seeded."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.network_input import channels
from calcinet.phantoms.calcium import Deposit
from calcinet.phantoms.implant import Response, contrast_of_deposit, local_noise
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.random_deposits import KINDS, Growth, grow
from calcinet.phantoms.truth import NET, OTHER, VESSEL, VISIBLE_IN_NOISE, Truth
from calcinet.training.augment import LEAST_NOISE, as_devices_do, other_levels, with_distractions, worn

GROWN_PX: Final = 320
"""Side of what calcium is grown on before a sample is cut out of it."""

GROWN_SHARES: Final = (0.62, 0.24, 0.14)
"""Of vessels, nets and foci among what is grown. Our choice: vessels vary most."""

FAINT_IN_NOISE: Final = 0.6
"""A line whose best contrast lies between this and what counts as visible is neither right nor wrong to mark."""

ACROSS_PX: Final = 5
"""A line's best contrast is looked for this far across it."""

PLACES: Final = 200
"""Places of each kind of calcium that samples are drawn round."""

TEXTURE_PX: Final = 3.0
"""Detail finer than this is texture. Our choice: the width of a strand."""

TEXTURE_SHARE: Final = 0.6
"""Of the texture's deviation that counts as noise. Our choice: a wall is longer than a blob of texture."""

PATCH_REACH_PX: Final = 12
"""A pixel this near to a line of a net belongs to its patch."""

Stored = NDArray[np.float16]
"""Films and calcium lie in memory at half precision; what is drawn from them does not."""

Places = NDArray[np.int64]
"""Rows and columns, shape (N, 2), to draw samples round."""


def _nowhere() -> Places:
    return np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class SamplingPolicy:
    """How samples are drawn."""

    crop_px: int = 192
    """Side of a sample: a multiple of 32 that shows a finger's or a shank's width."""
    zoom: tuple[float, float] = (0.6, 1.4)
    """Scales that a real film is shown at."""
    worn: bool = False
    """Make films noisier and sharper before calcium is put in, and show them at other levels."""
    distracted: float = 0.25
    """Share of the films with something over it that is no calcium."""
    bare_share: float = 0.3
    """Share of the films that nothing is put into."""
    deposits: tuple[float, ...] = (0.75, 0.25)
    """Probability of one, two ... deposits in the others."""


PLAIN: Final = SamplingPolicy()
"""Of the first network."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What is right to mark; maps have one shape (Y, X)."""

    mask: NDArray[np.uint8]
    """Values of `Truth.mask`."""
    patch: Mask
    """Where a net lies; for the second look, the inside of calcified vessels."""
    open: Mask
    """Where marking is neither right nor wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A film to draw samples from."""

    plane: Stored
    answer: Answer | None = None
    """The calcium that is in it; None in a real film, which is taken to hold none."""
    places: Places = field(default_factory=_nowhere)
    """Of a phantom: its calcium, as many of each kind. Of a real film: where the network was wrong, or where to look
    before that is known."""
    floor: float | None = None
    """Of a film with much air, its grey level: below it no calcium is put."""
    textured: bool = False
    """Calcium put into it stands out against the texture of the tissue, not against noise alone."""


@dataclass(frozen=True, slots=True, eq=False)
class DepositBank:
    """Calcium that was grown to be put into films."""

    growth: Growth
    patch: Mask
    places: Places


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One training sample."""

    channels: Pixels
    """Shape (3, Y, X), as `findings.prepare` makes them."""
    target: Pixels
    """Shape (4, Y, X): vessel, net, focus, patch; 0 or 1."""
    weight: Pixels
    """Same shape: 0 where marking is neither right nor wrong."""


def phantom_source(seed: int) -> Source:
    """A phantom of the given seed: half with a net, the others with confounders."""
    with_net = seed % 2 == 0
    phantom = limb(random_spec(seed, net=with_net, confounders=not with_net))
    return Source(phantom.image.plane.astype(np.float16), answer_of(phantom.truth), places_of(phantom.truth.mask))


def film_source(path: Path) -> Source:
    """A real film without calcium, from a picture file."""
    plane = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if plane is None:
        raise FileNotFoundError("one of the films is not a picture")
    return Source(plane.astype(np.float16))


def stock(seed: int) -> DepositBank:
    """Calcium of a kind, size and pattern that follow from the seed."""
    rng = np.random.default_rng([seed, 7])
    kind = KINDS[rng.choice(len(KINDS), p=GROWN_SHARES)]
    everywhere = np.ones((GROWN_PX, GROWN_PX), dtype=bool)
    growth = grow(kind, everywhere, rng, blur_px=float(rng.uniform(0.4, 1.2)))
    deposit = replace(growth.deposit, thickness_mm=growth.deposit.thickness_mm.astype(np.float16))
    patch = covered([net.outline for net in growth.nets], growth.deposit.footprint)
    return DepositBank(replace(growth, deposit=deposit), patch, spread(np.argwhere(growth.deposit.footprint)))


def draw(
    sources: Sequence[Source], stocked: Sequence[DepositBank], rng: np.random.Generator, manner: SamplingPolicy = PLAIN
) -> Sample:
    """One sample: a film, perhaps with calcium put in, turned and changed as devices would."""
    source = sources[int(rng.integers(len(sources)))]
    if source.answer is None:
        plane = _piece(source, rng, manner)
        empty = np.zeros(plane.shape, dtype=bool) if source.floor is None else plane <= source.floor
        if manner.worn:
            other = sources[int(rng.integers(len(sources)))]
            plane = worn(plane, _piece(other, rng, manner), rng)
        plane = with_distractions(plane, rng, manner.distracted)
        plane, answer = _implanted(plane, empty, stocked, rng, manner, textured=source.textured)
    else:
        at = _window(source.plane.shape, source.places, manner.crop_px, rng)
        plane = _padded(source.plane[at].astype(np.float32), manner.crop_px)
        answer = _cut(source.answer, at, manner.crop_px)
    plane, answer = _turned(plane, answer, rng)
    plane = as_devices_do(plane, rng)
    shown = channels(plane, np.ones(plane.shape, dtype=bool))
    return Sample(other_levels(shown, rng) if manner.worn else shown, *_target(answer))


def answer_of(truth: Truth) -> Answer:
    """What is right to mark on a phantom."""
    contrast = np.asarray(truth.calcium / truth.noise_sd, dtype=np.float32)
    patch = covered([net.outline for net in truth.nets], truth.mask == NET)
    return Answer(truth.mask, patch, _faint(contrast, contrast > FAINT_IN_NOISE))


def covered(outlines: Sequence[Floats], lines: Mask) -> Mask:
    """What lies within the outlines of nets and near to their lines."""
    inside = np.zeros(lines.shape, dtype=np.uint8)
    for outline in outlines:
        cv2.fillPoly(inside, [np.round(outline[:, ::-1]).astype(np.int32)], 1)
    size = 2 * PATCH_REACH_PX + 1
    near = cv2.dilate(lines.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    return np.asarray((inside > 0) & (near > 0))


def _faint(contrast: Pixels, where: Mask) -> Mask:
    """Lines that hold calcium and do not reach what counts as visible; the soft edge of a visible line is not one."""
    best = cv2.dilate(contrast, np.ones((ACROSS_PX, ACROSS_PX), dtype=np.uint8))
    return np.asarray(where & (contrast > FAINT_IN_NOISE) & (best < VISIBLE_IN_NOISE))


def places_of(mask: NDArray[np.uint8]) -> Places:
    """Places to draw samples round: some pixels of each kind, each kind to the same number."""
    taken = [spread(np.argwhere(mask == kind)) for kind in (VESSEL, NET, OTHER)]
    return np.concatenate(taken)


def spread(at: Places) -> Places:
    """PLACES of the given, evenly taken, repeated where there are fewer."""
    return at[np.linspace(0, len(at) - 1, PLACES).astype(int)] if len(at) else _nowhere()


def _piece(film: Source, rng: np.random.Generator, manner: SamplingPolicy) -> Pixels:
    """A square out of a real film, at another scale."""
    side = round(manner.crop_px / rng.uniform(*manner.zoom))
    at = _window(film.plane.shape, film.places, side, rng)
    piece = film.plane[at].astype(np.float32)
    how = cv2.INTER_AREA if side > manner.crop_px else cv2.INTER_LINEAR
    return _float32(cv2.resize(piece, (manner.crop_px, manner.crop_px), interpolation=how))


def _implanted(
    plane: Pixels,
    empty: Mask,
    stocked: Sequence[DepositBank],
    rng: np.random.Generator,
    manner: SamplingPolicy,
    *,
    textured: bool,
) -> tuple[Pixels, Answer]:
    """A piece of a film, mostly with calcium put in where it is not empty: by Beer and Lambert, in units of noise."""
    nothing = np.zeros(plane.shape, dtype=bool)
    answer = Answer(nothing.astype(np.uint8), nothing, nothing.copy())
    if not stocked or rng.random() < manner.bare_share:
        return plane, answer
    noise = texture(plane) if textured else np.maximum(local_noise(plane), LEAST_NOISE)
    response = Response.of(plane, margin=float(rng.uniform(0.15, 1.0)))
    number = 1 + int(np.searchsorted(np.cumsum(manner.deposits), rng.random()))
    chosen = [stocked[int(rng.integers(len(stocked)))] for _ in range(number)]
    for one in sorted(chosen, key=lambda stock: -stock.growth.deposit.label):
        at = _window(one.patch.shape, one.places, manner.crop_px, rng)
        whole = one.growth.deposit
        part = replace(whole, thickness_mm=whole.thickness_mm[at].astype(np.float32), footprint=whole.footprint[at])
        part = replace(part, thickness_mm=part.thickness_mm * ~empty, footprint=part.footprint & ~empty)
        if not part.footprint.any():
            continue
        part = replace(part, contrast_in_noise=part.contrast_in_noise * float(rng.uniform(0.8, 1.25)))
        added = contrast_of_deposit(plane, part, blur_px=float(rng.uniform(0.4, 1.2)), response=response, noise=noise)
        plane, answer = plane + added, _with(answer, part, _float32(added / noise), one.patch[at])
    return plane, answer


def texture(plane: Pixels) -> Pixels:
    """How much a film's fine detail varies about each place: noise and strands of tissue alike, shape (Y, X)."""
    fine = plane - cv2.GaussianBlur(plane, (0, 0), TEXTURE_PX)
    spread = np.sqrt(cv2.GaussianBlur(np.minimum(fine**2, np.quantile(fine**2, 0.97)), (0, 0), 4 * TEXTURE_PX))
    return _float32(np.maximum(TEXTURE_SHARE * spread, LEAST_NOISE))


def _with(answer: Answer, part: Deposit, contrast: Pixels, patch: Mask) -> Answer:
    """The answer with one deposit more, labelled over what was there."""
    mask = answer.mask.copy()
    mask[part.footprint & (contrast >= VISIBLE_IN_NOISE)] = part.label
    return Answer(mask, answer.patch | patch, (answer.open | _faint(contrast, part.footprint)) & (mask == 0))


def _window(shape: tuple[int, ...], places: Places, side: int, rng: np.random.Generator) -> tuple[slice, slice]:
    """A square of `side`, in most samples about one of the places where there are any."""
    centre = rng.integers(shape)
    if places.size and rng.random() < 0.8:
        centre = places[rng.integers(len(places))] + rng.integers(-side // 3, side // 3 + 1, 2)
    row, column = np.clip(centre - side // 2, 0, np.maximum(np.array(shape) - side, 0))
    return slice(row, row + side), slice(column, column + side)


def _cut(answer: Answer, at: tuple[slice, slice], side: int) -> Answer:
    patch, faint = (_padded(part[at].astype(np.uint8), side) > 0 for part in (answer.patch, answer.open))
    return Answer(_padded(answer.mask[at], side), patch, faint)


def _padded(plane: NDArray, least: int) -> NDArray:  # type: ignore[type-arg]
    down, right = (least - side for side in plane.shape)
    return cv2.copyMakeBorder(plane, 0, down, 0, right, cv2.BORDER_REFLECT) if down or right else plane


def _turned(plane: Pixels, answer: Answer, rng: np.random.Generator) -> tuple[Pixels, Answer]:
    """Turned by quarters and mirrored at random."""
    quarters, flip = int(rng.integers(4)), bool(rng.integers(2))

    def turn(a: NDArray) -> NDArray:  # type: ignore[type-arg]
        a = np.rot90(a, quarters)
        return np.ascontiguousarray(a[:, ::-1] if flip else a)

    return turn(plane), Answer(turn(answer.mask), turn(answer.patch), turn(answer.open))


def _target(answer: Answer) -> tuple[Pixels, Pixels]:
    """What is right to mark, and where it matters."""
    maps = [answer.mask == VESSEL, answer.mask == NET, answer.mask == OTHER, answer.patch]
    weight = np.ones((4, *answer.mask.shape), dtype=np.float32)
    weight[:3, answer.open] = 0
    return np.stack(maps).astype(np.float32), weight


def _float32(values: object) -> Pixels:
    return np.asarray(values, dtype=np.float32)
