"""Training samples for the second look: wide pieces of degraded films, with whole arteries in them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Mask
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.random_deposits import KINDS, grow
from calcinet.phantoms.truth import AIR, BONE, SOFT, VesselTruth
from calcinet.training import calibration
from calcinet.training.augment import degrade
from calcinet.training.samples.base import (
    DepositBank,
    SamplingPolicy,
    Source,
    answer_of,
    choose_centres,
    choose_evenly,
    make_bank,
)

POLICY: Final = SamplingPolicy(
    crop_px=320, zoom=(0.45, 1.4), degraded=True, distracted=0.4, bare_share=0.25, deposits=(0.4, 0.35, 0.25)
)
"""Twice the widest artery and the rib beside it fit in; films of any size come down to that of a small one."""

BARE_SEED: Final = 500_000
"""Limbs without calcium are others than those with."""

FILM_LEVELS: Final = 255.0
"""Brightest grey level of the real films; limbs are brought to it, so that one can be seen through the other."""

GROWN_PX: Final = 448
"""Side of what calcium is grown on before a sample is cut out of it."""

PIXEL_MM: Final = 0.2
"""Pixel of what is grown."""

GROWN_SHARES: Final = (0.72, 0.16, 0.12)
"""Shares of vessels, nets and foci among what is grown. Our choice: vessels are learned, the others only told from
them."""

SUBPIXEL: Final = 4
"""Bits behind the point that tubes are drawn with."""


def grow_bank(seed: int) -> DepositBank:
    """Calcium of a kind, size and pattern that follow from the seed; its patch is the inside of calcified vessels."""
    rng = np.random.default_rng([seed, 51])
    kind = KINDS[rng.choice(len(KINDS), p=GROWN_SHARES)]
    everywhere = np.ones((GROWN_PX, GROWN_PX), dtype=bool)
    growth = grow(kind, everywhere, rng, pixel_mm=PIXEL_MM, blur_px=float(rng.uniform(0.4, 1.2)))
    return make_bank(growth, fill_vessels(growth.vessels, everywhere.shape, PIXEL_MM))


def phantom_source(seed: int) -> Source:
    """A phantom of the given seed: half with a net, the others with confounders."""
    with_net = seed % 2 == 0
    phantom = limb(random_spec(seed, net=with_net, confounders=not with_net))
    truth, shown = phantom.truth, phantom.image
    pixel_mm = min(shown.pixel_mm or (PIXEL_MM,))
    answer = replace(answer_of(truth), patch=fill_vessels(truth.vessels, truth.mask.shape, pixel_mm))
    return Source(plane=shown.plane.astype(np.float16), answer=answer, centres=choose_centres(truth.mask))


def bare_source(seed: int) -> Source:
    """A leg, foot or hand without calcified vessels, for calcium to be put in; no border where it would not show."""
    spec = random_spec(seed + BARE_SEED, net=False, vessels=False)
    if spec.border == "white":
        spec = replace(spec, border="black")
    phantom = limb(spec)
    plane = phantom.image.plane * (FILM_LEVELS / phantom.image.plane.max())
    regions = phantom.truth.regions
    floor = None
    if (regions == AIR).any():
        floor = float(np.quantile(plane[regions == AIR], 0.99))
    centres = choose_evenly(np.argwhere((regions == SOFT) | (regions == BONE)))
    return Source(plane=plane.astype(np.float16), centres=centres, floor=floor)


def with_calcium(film: Source, number: int) -> Source:
    """A film with the calcium that its number stands for; the second film of every two degraded before."""
    if number % 2:
        plane = film.plane.astype(np.float32)
        harder = degrade(plane, plane, np.random.default_rng([number, 52]))
        film = replace(film, plane=harder.astype(np.float16))
    return calibration.with_calcium(film, number // 2)


def fill_vessels(vessels: Sequence[VesselTruth], shape: tuple[int, ...], pixel_mm: float) -> Mask:
    """The calcified parts of vessels with all that is between their walls, shape (Y, X)."""
    canvas = np.zeros(shape, dtype=np.uint8)
    for vessel in vessels:
        ends = np.round(vessel.centre_line[:, ::-1] * 2**SUBPIXEL).astype(np.int32)
        width = np.maximum(np.round(vessel.diameter_mm / pixel_mm), 1).astype(int)
        for at in np.flatnonzero(vessel.calcified[:-1]):
            cv2.line(canvas, ends[at].tolist(), ends[at + 1].tolist(), 1, int(width[at]), cv2.LINE_8, SUBPIXEL)
    return canvas > 0
