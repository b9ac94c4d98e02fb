"""Training samples of any modality: what they are drawn from, and how; on the fly, seeded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.network_input import channels
from calcinet.phantoms.calcium import Deposit
from calcinet.phantoms.implant import Response, contrast_of_deposit, local_noise
from calcinet.phantoms.random_deposits import Growth
from calcinet.phantoms.truth import NET, OTHER, VESSEL, VISIBLE_IN_NOISE, Truth
from calcinet.training.augment import LEAST_NOISE, add_distraction, simulate_device

GROWN_PX: Final = 320
"""Side of what calcium is grown on before a sample is cut out of it."""

FAINT_IN_NOISE: Final = 0.6
"""A line whose best contrast is between this and what counts as visible is neither right nor wrong to mark."""

ACROSS_PX: Final = 5
"""A line's best contrast is looked for this far across it."""

CENTRES: Final = 200
"""Pixels of each kind of calcium that samples are drawn round."""

CENTRED_SHARE: Final = 0.8
"""Share of the samples that are drawn round such a pixel, where there are any."""

TEXTURE_PX: Final = 3.0
"""Detail finer than this is texture. Our choice: the width of a strand."""

TEXTURE_SHARE: Final = 0.6
"""Share of the texture's deviation that counts as noise. Our choice: a wall is longer than a blob of texture."""

PATCH_REACH_PX: Final = 12
"""A pixel this near to a line of a net belongs to its patch."""

Stored = NDArray[np.float16]
"""Films and calcium are in memory at half precision; what is drawn from them is not."""

Centres = NDArray[np.int64]
"""Rows and columns, shape (N, 2), to draw samples round."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""

Place = tuple[float, float, float, float, float]
"""Where a sample was cut from: group and number of the film, row and column of its middle, and the pixel in mm."""

Item = TypeVar("Item")
Made = TypeVar("Made")
Real = TypeVar("Real", np.float32, np.uint8)
Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingPolicy:
    """How samples are drawn."""

    crop_px: int = 192
    """Side of a sample: a multiple of 32 that shows a finger's or a shank's width."""
    zoom: tuple[float, float] = (0.6, 1.4)
    """Scales that a real film is shown at."""
    distracted: float = 0.25
    """Share of the films with something over it that is no calcium."""
    bare_share: float = 0.3
    """Share of the films that nothing is put into."""
    deposits: tuple[float, ...] = (0.75, 0.25)
    """Probability of one, two ... deposits in the others."""


PLAIN: Final = SamplingPolicy()
"""How samples of mammograms are drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What is right to mark; maps have one shape (Y, X)."""

    mask: NDArray[np.uint8]
    """Values of `Truth.mask`."""
    patch: Mask
    """Where a net is."""
    undecided: Mask
    """Where marking is neither right nor wrong."""
    artery: Mask
    """Calcified arteries with all that is between their walls."""
    artery_open: Mask
    """Where marking an artery is neither right nor wrong."""


MAPS_OF_ANSWER: Final = tuple(part.name for part in fields(Answer))


def make_empty_centres() -> Centres:
    """No pixel to draw samples round."""
    return np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Source:
    """A film to draw samples from."""

    plane: Stored
    answer: Answer | None = None
    """The calcium that is in it; None in a real film, which is taken to hold none."""
    centres: Centres = field(default_factory=make_empty_centres)
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
    centres: Centres


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One training sample."""

    channels: Pixels
    """Shape (3, Y, X), as `findings.network_input` makes them."""
    target: Pixels
    """Shape (maps, Y, X): vessel, net, focus, patch and, of radiographs, artery; 0 or 1."""
    weight: Pixels
    """Same shape: 0 where marking is neither right nor wrong."""
    place: Place | None = None
    """Where it was cut from a film."""


def make_all(what: str, items: Sequence[Item], make: Callable[[Item], Made], progress: Progress) -> list[Made]:
    """What `make` makes of each item, with progress."""
    made: list[Made] = []
    for done, item in enumerate(items, start=1):
        made.append(make(item))
        progress(what, done, len(items))
    return made


def film_source(path: Path) -> Source:
    """A real film without calcium, from a picture file."""
    plane = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if plane is None:
        raise FileNotFoundError("one of the films is not a picture")
    return Source(plane=plane.astype(np.float16))


def make_bank(growth: Growth, patch: Mask) -> DepositBank:
    """Calcium that was grown, at half precision, with the pixels to draw samples round."""
    deposit = replace(growth.deposit, thickness_mm=growth.deposit.thickness_mm.astype(np.float16))
    centres = choose_evenly(np.argwhere(growth.deposit.footprint))
    return DepositBank(replace(growth, deposit=deposit), patch, centres)


def make_empty_answer(shape: tuple[int, ...]) -> Answer:
    """Nothing to mark."""
    nothing = np.zeros(shape, dtype=bool)
    return Answer(nothing.astype(np.uint8), *(nothing.copy() for _ in range(4)))


def draw(
    sources: Sequence[Source], banks: Sequence[DepositBank], rng: np.random.Generator, policy: SamplingPolicy = PLAIN
) -> Sample:
    """One sample: a film, perhaps with calcium put in, turned and changed as devices would."""
    source = sources[int(rng.integers(len(sources)))]
    if source.answer is None:
        plane, answer = _draw_from_film(source, banks, rng, policy)
    else:
        window = choose_window(source.plane.shape, source.centres, policy.crop_px, rng)
        plane = _pad(source.plane[window].astype(np.float32), policy.crop_px)
        answer = _cut_answer(source.answer, window, policy.crop_px)
    plane, answer = turn(plane, answer, rng)
    plane = simulate_device(plane, rng)
    shown = channels(plane, np.ones(plane.shape, dtype=bool))
    target, weight = _make_target(answer)
    return Sample(shown, target, weight)


def answer_of(truth: Truth) -> Answer:
    """What is right to mark on a phantom."""
    contrast = np.asarray(truth.calcium / truth.noise_sd, dtype=np.float32)
    patch = cover_nets([net.outline for net in truth.nets], truth.mask == NET)
    nothing = np.zeros(truth.mask.shape, dtype=bool)
    return Answer(truth.mask, patch, _find_faint(contrast, contrast > FAINT_IN_NOISE), nothing, nothing)


def cover_nets(outlines: Sequence[Floats], lines: Mask) -> Mask:
    """What is within the outlines of nets and near to their lines."""
    inside = np.zeros(lines.shape, dtype=np.uint8)
    for outline in outlines:
        cv2.fillPoly(inside, [np.round(outline[:, ::-1]).astype(np.int32)], 1)
    size = 2 * PATCH_REACH_PX + 1
    near = cv2.dilate(lines.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    return np.asarray((inside > 0) & (near > 0))


def _find_faint(contrast: Pixels, where: Mask) -> Mask:
    """Lines that hold calcium and do not reach what counts as visible; the soft edge of a visible line is not one."""
    best = cv2.dilate(contrast, np.ones((ACROSS_PX, ACROSS_PX), dtype=np.uint8))
    return np.asarray(where & (contrast > FAINT_IN_NOISE) & (best < VISIBLE_IN_NOISE))


def choose_centres(mask: NDArray[np.uint8]) -> Centres:
    """Pixels to draw samples round: some of each kind, each kind to the same number."""
    return np.concatenate([choose_evenly(np.argwhere(mask == kind)) for kind in (VESSEL, NET, OTHER)])


def choose_evenly(pixels: Centres) -> Centres:
    """CENTRES of the given pixels, evenly chosen, repeated where there are fewer; none of none."""
    if not len(pixels):
        return make_empty_centres()
    chosen = np.linspace(0, len(pixels) - 1, CENTRES).astype(int)
    return np.asarray(pixels[chosen])


def _draw_from_film(
    film: Source,
    banks: Sequence[DepositBank],
    rng: np.random.Generator,
    policy: SamplingPolicy,
) -> tuple[Pixels, Answer]:
    """A piece of a real film, changed, with calcium put in or not."""
    plane = _cut_piece(film, rng, policy)
    empty = np.zeros(plane.shape, dtype=bool)
    if film.floor is not None:
        empty = plane <= film.floor
    plane = add_distraction(plane, rng, policy.distracted)
    return _implant(plane, empty, banks, rng, policy, textured=film.textured)


def _cut_piece(film: Source, rng: np.random.Generator, policy: SamplingPolicy) -> Pixels:
    """A square out of a real film, at another scale."""
    side = round(policy.crop_px / rng.uniform(*policy.zoom))
    piece = film.plane[choose_window(film.plane.shape, film.centres, side, rng)].astype(np.float32)
    method = cv2.INTER_LINEAR
    if side > policy.crop_px:
        method = cv2.INTER_AREA
    return _convert_to_float32(cv2.resize(piece, (policy.crop_px, policy.crop_px), interpolation=method))


def _implant(
    plane: Pixels,
    empty: Mask,
    banks: Sequence[DepositBank],
    rng: np.random.Generator,
    policy: SamplingPolicy,
    *,
    textured: bool,
) -> tuple[Pixels, Answer]:
    """A piece of a film, mostly with calcium put in where it is not empty: by Beer and Lambert, in units of noise."""
    answer = make_empty_answer(plane.shape)
    if not banks or rng.random() < policy.bare_share:
        return plane, answer
    noise = _choose_noise(plane, textured=textured)
    response = Response.of(plane, margin=float(rng.uniform(0.15, 1.0)))
    for bank in _choose_banks(banks, rng, policy):
        window = choose_window(bank.patch.shape, bank.centres, policy.crop_px, rng)
        deposit = _cut_deposit(bank.growth.deposit, window, ~empty)
        if not deposit.footprint.any():
            continue
        deposit = replace(deposit, contrast_in_noise=deposit.contrast_in_noise * float(rng.uniform(0.8, 1.25)))
        added = contrast_of_deposit(
            plane, deposit, blur_px=float(rng.uniform(0.4, 1.2)), response=response, noise=noise
        )
        plane = plane + added
        answer = add_deposit(answer, deposit, _convert_to_float32(added / noise), bank.patch[window])
    return plane, answer


def _choose_noise(plane: Pixels, *, textured: bool) -> Pixels:
    """What calcium has to stand out against, shape (Y, X)."""
    if textured:
        return measure_texture(plane)
    return np.maximum(local_noise(plane), LEAST_NOISE)


def _choose_banks(banks: Sequence[DepositBank], rng: np.random.Generator, policy: SamplingPolicy) -> list[DepositBank]:
    """One or more deposits at random, those with the highest label first."""
    number = 1 + int(np.searchsorted(np.cumsum(policy.deposits), rng.random()))
    chosen = [banks[int(rng.integers(len(banks)))] for _ in range(number)]
    return sorted(chosen, key=lambda bank: -bank.growth.deposit.label)


def _cut_deposit(deposit: Deposit, window: tuple[slice, slice], where: Mask) -> Deposit:
    """The part of a deposit in a window, of that size, at full precision."""
    thickness = deposit.thickness_mm[window].astype(np.float32) * where
    return replace(deposit, thickness_mm=thickness, footprint=deposit.footprint[window] & where)


def measure_texture(plane: Pixels) -> Pixels:
    """How much a film's fine detail varies about each pixel: noise and strands of tissue alike, shape (Y, X)."""
    fine = plane - cv2.GaussianBlur(plane, (0, 0), TEXTURE_PX)
    square = np.minimum(fine**2, np.quantile(fine**2, 0.97))
    deviation = np.sqrt(cv2.GaussianBlur(square, (0, 0), 4 * TEXTURE_PX))
    return _convert_to_float32(np.maximum(TEXTURE_SHARE * deviation, LEAST_NOISE))


def add_deposit(answer: Answer, deposit: Deposit, contrast: Pixels, patch: Mask) -> Answer:
    """The answer with one deposit more, labelled over what was there."""
    mask = answer.mask.copy()
    mask[deposit.footprint & (contrast >= VISIBLE_IN_NOISE)] = deposit.label
    undecided = answer.undecided | _find_faint(contrast, deposit.footprint)
    return replace(answer, mask=mask, patch=answer.patch | patch, undecided=undecided & (mask == 0))


def choose_window(shape: tuple[int, ...], centres: Centres, side: int, rng: np.random.Generator) -> tuple[slice, slice]:
    """A square of `side`, in most samples about one of the centres where there are any."""
    centre = rng.integers(shape)
    if centres.size and rng.random() < CENTRED_SHARE:
        centre = centres[rng.integers(len(centres))] + rng.integers(-side // 3, side // 3 + 1, 2)
    row, column = np.clip(centre - side // 2, 0, np.maximum(np.array(shape) - side, 0))
    return slice(row, row + side), slice(column, column + side)


def _cut_answer(answer: Answer, window: tuple[slice, slice], side: int) -> Answer:
    maps = [_pad(getattr(answer, name)[window].astype(np.uint8), side) for name in MAPS_OF_ANSWER]
    return Answer(maps[0], *(cut > 0 for cut in maps[1:]))


def _pad(plane: NDArray[Real], least: int) -> NDArray[Real]:
    """A plane with both sides of at least `least` pixels, reflected where it is smaller."""
    down, right = least - plane.shape[0], least - plane.shape[1]
    if not down and not right:
        return plane
    return np.asarray(cv2.copyMakeBorder(plane, 0, down, 0, right, cv2.BORDER_REFLECT), dtype=plane.dtype)


def turn(plane: Pixels, answer: Answer, rng: np.random.Generator) -> tuple[Pixels, Answer]:
    """Turned by quarters and mirrored at random."""
    quarters, mirrored = int(rng.integers(4)), bool(rng.integers(2))
    maps = [_rotate(getattr(answer, name), quarters, mirrored=mirrored) for name in MAPS_OF_ANSWER]
    turned = Answer(*maps)
    return _rotate(plane, quarters, mirrored=mirrored), turned


def _rotate(plane: NDArray[Value], quarters: int, *, mirrored: bool) -> NDArray[Value]:
    plane = np.rot90(plane, quarters)
    if mirrored:
        plane = plane[:, ::-1]
    return np.ascontiguousarray(plane)


def _make_target(answer: Answer) -> tuple[Pixels, Pixels]:
    """What is right to mark, and where it matters."""
    maps = [answer.mask == VESSEL, answer.mask == NET, answer.mask == OTHER, answer.patch]
    weight = np.ones((4, *answer.mask.shape), dtype=np.float32)
    weight[:3, answer.undecided] = 0
    return np.stack(maps).astype(np.float32), weight


def _convert_to_float32(values: object) -> Pixels:
    return np.asarray(values, dtype=np.float32)
