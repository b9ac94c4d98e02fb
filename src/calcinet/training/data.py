"""Training samples: phantoms, and the calcium of phantoms put into real films; drawn on the fly, seeded."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.findings.noise import noise_map
from calcinet.findings.prepare import channels
from calcinet.phantoms.limb import limb, random_spec
from calcinet.phantoms.truth import NET, OTHER, VESSEL, Truth

CROP_PX: Final = 192
"""Side of a training sample: a multiple of 16 that shows a finger's or a shank's width."""

FAINT_IN_NOISE: Final = 0.7
"""Calcium between this many noise deviations and what counts as visible is neither right nor wrong to mark."""

LEAST_NOISE: Final = 0.8
"""Noise of an 8-bit film is at least this, in grey levels: what is below does not survive its rounding."""

PLACES: Final = 200
"""Places of each kind of calcium that samples are drawn round."""

PATCH_REACH_PX: Final = 12
"""A pixel this near to a line of a net belongs to its patch."""

Plane = NDArray[np.float32]
Stored = NDArray[np.float16]
"""Films and deposits lie in memory at half precision; what is drawn from them does not."""


@dataclass(frozen=True, slots=True, eq=False)
class Deposit:
    """Calcium lifted out of a phantom; maps have one shape (Y, X)."""

    contrast: Plane | Stored
    """In standard deviations of the phantom's noise."""
    mask: NDArray[np.uint8]
    """Values of `Truth.mask`."""
    patch: NDArray[np.bool_]
    """Where a net lies."""
    places: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))
    """Some rows and columns of calcium, shape (N, 2), to draw samples round: as many of each kind."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A film to draw samples from."""

    plane: Stored
    deposit: Deposit | None
    """The calcium that is in it; None in a real film, which is taken to hold none."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One training sample."""

    channels: Plane
    """Shape (3, CROP_PX, CROP_PX), as `findings.prepare` makes them."""
    target: Plane
    """Shape (4, CROP_PX, CROP_PX): vessel, net, focus, patch; 0 or 1."""
    weight: Plane
    """Same shape: 0 where marking is neither right nor wrong."""


def phantom_source(seed: int) -> Source:
    """A phantom of the given seed: half with a net, the others with traps."""
    with_net = seed % 2 == 0
    phantom = limb(random_spec(seed, net=with_net, traps=not with_net))
    return Source(phantom.image.plane.astype(np.float16), _deposit(phantom.truth))


def film_source(path: Path) -> Source:
    """A real film without calcium, from a picture file."""
    plane = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if plane is None:
        raise FileNotFoundError("one of the films is not a picture")
    return Source(plane.astype(np.float16), None)


def draw(sources: list[Source], deposits: list[Deposit], rng: np.random.Generator) -> Sample:
    """One sample: a film, perhaps with a deposit put in, turned and changed as devices would."""
    source = sources[rng.integers(len(sources))]
    if source.deposit is None:
        plane, deposit = _implanted(_piece(source.plane, rng), deposits, rng)
    else:
        at = _window(source.deposit, rng)
        plane, deposit = _padded(source.plane[at].astype(np.float32)), _cut(source.deposit, at)
    plane, deposit = _turned(plane, deposit, rng)
    plane = _as_devices_do(plane, rng)
    return Sample(channels(plane, np.ones(plane.shape, dtype=bool)), *_target(deposit))


def _deposit(truth: Truth) -> Deposit:
    patch = np.zeros(truth.mask.shape, dtype=np.uint8)
    for net in truth.nets:
        cv2.fillPoly(patch, [np.round(net.outline[:, ::-1]).astype(np.int32)], 1)
    size = 2 * PATCH_REACH_PX + 1
    near = cv2.dilate((truth.mask == NET).astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    contrast = (truth.calcium / truth.noise_sd).astype(np.float16)
    return Deposit(contrast, truth.mask, (patch > 0) & (near > 0), _places(truth.mask))


def _places(mask: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Up to PLACES pixels of each kind, evenly taken, each kind repeated to the same number."""
    kinds = [np.argwhere(mask == kind) for kind in (VESSEL, NET, OTHER)]
    taken = [at[np.linspace(0, len(at) - 1, PLACES).astype(int)] for at in kinds if len(at)]
    return np.concatenate(taken) if taken else np.empty((0, 2), dtype=np.int64)


def _piece(film: Stored, rng: np.random.Generator) -> Plane:
    """A square of CROP_PX out of a real film, at another scale."""
    side = round(CROP_PX / rng.uniform(0.6, 1.4))
    low = [int(rng.integers(0, max(length - side, 0) + 1)) for length in film.shape]
    piece = film[low[0] : low[0] + side, low[1] : low[1] + side].astype(np.float32)
    how = cv2.INTER_AREA if side > CROP_PX else cv2.INTER_LINEAR
    return _float32(cv2.resize(piece, (CROP_PX, CROP_PX), interpolation=how))


def _implanted(plane: Plane, deposits: list[Deposit], rng: np.random.Generator) -> tuple[Plane, Deposit]:
    """Half of the time with a deposit added, in units of the film's own noise."""
    if rng.random() < 0.5:
        nothing = np.zeros(plane.shape, dtype=np.float32)
        return plane, Deposit(nothing, nothing.astype(np.uint8), nothing > 0)
    whole = deposits[rng.integers(len(deposits))]
    deposit = _cut(whole, _window(whole, rng))
    gain = np.float32(rng.uniform(0.8, 1.5))
    noise = np.maximum(noise_map(plane, np.ones(plane.shape, dtype=bool)), LEAST_NOISE)
    contrast = _float32(gain * deposit.contrast)
    return plane + contrast * noise, Deposit(contrast, deposit.mask, deposit.patch)


def _window(deposit: Deposit, rng: np.random.Generator) -> tuple[slice, slice]:
    """A square of CROP_PX, in most samples about calcium where there is any."""
    shape = np.array(deposit.mask.shape)
    centre = rng.integers(shape)
    if deposit.places.size and rng.random() < 0.6:
        centre = deposit.places[rng.integers(len(deposit.places))] + rng.integers(-60, 61, 2)
    row, column = np.clip(centre - CROP_PX // 2, 0, np.maximum(shape - CROP_PX, 0))
    return slice(row, row + CROP_PX), slice(column, column + CROP_PX)


def _cut(deposit: Deposit, at: tuple[slice, slice]) -> Deposit:
    contrast = _padded(deposit.contrast[at].astype(np.float32))
    return Deposit(contrast, _padded(deposit.mask[at]), _padded(deposit.patch[at].astype(np.uint8)) > 0)


def _padded(plane: NDArray) -> NDArray:  # type: ignore[type-arg]
    down, right = (CROP_PX - side for side in plane.shape)
    return cv2.copyMakeBorder(plane, 0, down, 0, right, cv2.BORDER_REFLECT) if down or right else plane


def _turned(plane: Plane, deposit: Deposit, rng: np.random.Generator) -> tuple[Plane, Deposit]:
    """Turned by quarters and mirrored at random."""
    quarters, flip = int(rng.integers(4)), bool(rng.integers(2))

    def turn(a: NDArray) -> NDArray:  # type: ignore[type-arg]
        a = np.rot90(a, quarters)
        return np.ascontiguousarray(a[:, ::-1] if flip else a)

    return turn(plane), Deposit(turn(deposit.contrast), turn(deposit.mask), turn(deposit.patch))


def _as_devices_do(plane: Plane, rng: np.random.Generator) -> Plane:
    """Blur or sharpen, bend the grey scale, add noise, collimate, compress: each now and then.

    A film whose noise eight bits would swallow keeps its depth: calcium of a few deviations would go with it, and what
    is left of the truth would be wrong.
    """
    span = np.float32(np.ptp(plane) or 1.0)
    noise = float(np.median(noise_map(plane, np.ones(plane.shape, dtype=bool)))) / float(span)
    plane = _float32((plane - plane.min()) / span)
    if rng.random() < 0.3:
        plane = _float32(cv2.GaussianBlur(plane, (0, 0), float(rng.uniform(0.3, 0.8))))
    if rng.random() < 0.3:
        plane = plane + np.float32(rng.uniform(0.3, 1.5)) * (
            plane - cv2.GaussianBlur(plane, (0, 0), float(rng.uniform(1.5, 12)))
        )
    if rng.random() < 0.5:
        plane = _float32(np.sign(plane) * np.abs(plane) ** rng.uniform(0.7, 1.4))
    if rng.random() < 0.2:
        plane = _float32(plane + rng.normal(0, rng.uniform(0.2, 0.8) * noise, plane.shape))
    if rng.random() < 0.15:
        plane = _collimated(plane, rng)
    if rng.random() < 0.4 and 255 * noise > LEAST_NOISE:
        eight_bit = np.clip(plane * 255, 0, 255).astype(np.uint8)
        if rng.random() < 0.6:
            _, packed = cv2.imencode(".jpg", eight_bit, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 97))])
            eight_bit = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
        plane = _float32(eight_bit / 255)
    return _float32(plane * 1000)


def _collimated(plane: Plane, rng: np.random.Generator) -> Plane:
    """A straight black or white border over one side."""
    row, column = np.mgrid[: plane.shape[0], : plane.shape[1]]
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(20, 90)
    beyond = (row - plane.shape[0] / 2) * np.sin(angle) + (column - plane.shape[1] / 2) * np.cos(angle) - offset
    share = 1 / (1 + np.exp(-beyond / rng.uniform(0.3, 3)))
    return _float32(plane * (1 - share) + float(rng.integers(2)) * share)


def _target(deposit: Deposit) -> tuple[Plane, Plane]:
    """What is right to mark, and where it matters."""
    maps = [deposit.mask == VESSEL, deposit.mask == NET, deposit.mask == OTHER, deposit.patch]
    faint = (deposit.contrast > FAINT_IN_NOISE) & (deposit.mask == 0)
    weight = np.ones((4, *deposit.mask.shape), dtype=np.float32)
    weight[:3, faint] = 0
    return np.stack(maps).astype(np.float32), weight


def _float32(values: object) -> Plane:
    return np.asarray(values, dtype=np.float32)
