"""What devices, and things in the beam that are no calcium, do to a film."""

from typing import Final

import cv2
import numpy as np
from scipy.special import expit

from calcinet.arrays import Pixels
from calcinet.findings.noise_map import noise_map
from calcinet.phantoms.implant import local_noise
from calcinet.phantoms.radiograph.net_confounders import add_confounder

LEAST_NOISE: Final = 0.8
"""Noise of an 8-bit film is at least this, in grey levels: less does not survive its rounding."""


DISTRACTIONS: Final = (
    *("cloth", "hair", "comb", "grid", "letter", "outline", "outline", "wire", "wire"),
    *("scratch", "scratch", "chain", "chain", "label", "label", "fold", "fold", "pleat", "pleat", "pleat"),
)
"""What may lie over a film. Leaf-like trees do not: a tree of thin calcified vessels looks the same."""

MIXED: Final = 0.15
"""Share of the films that are seen through another one."""

SHARPENED: Final = 0.5
"""Share of the films that are sharpened."""

SHARPENED_PX: Final = (2.0, 40.0)
"""Scales of that: unsharp masks and what evens a film out."""

NOISIER: Final = 0.65
"""Share of the films that are made noisier."""

NOISE_TIMES: Final = 12.0
"""Up to how much noisier. Our choice: detectors and doses differ as much."""

SOFTEST_PX: Final = 0.25
"""Noise correlated less than this is white."""

WHOLE_LEVELS: Final = 0.7
"""Share of the samples whose grey levels are scaled as those of a part of a larger film."""


def add_distraction(plane: Pixels, rng: np.random.Generator, share: float) -> Pixels:
    """A `share` of films, shape (Y, X), with cloth, hair, a grid, letters, an edge or wires over it: no calcium."""
    if rng.random() > share:
        return plane
    return add_confounder(plane, local_noise(plane), DISTRACTIONS[int(rng.integers(len(DISTRACTIONS)))], rng)


def simulate_device(plane: Pixels, rng: np.random.Generator) -> Pixels:
    """Blur or sharpen, bend the grey scale, add noise, collimate, compress: each now and then.

    A film whose noise eight bits would swallow keeps its depth: calcium of a few deviations would go with it, and what
    is left of the truth would be wrong.
    """
    span = np.float32(np.ptp(plane) or 1.0)
    noise = float(np.median(noise_map(plane, np.ones(plane.shape, dtype=bool)))) / float(span)
    plane = _convert_to_float32((plane - plane.min()) / span)
    if rng.random() < 0.3:
        plane = _convert_to_float32(cv2.GaussianBlur(plane, (0, 0), float(rng.uniform(0.3, 0.8))))
    if rng.random() < 0.3:
        amount, scale = rng.uniform(0.3, 1.5), rng.uniform(1.5, 12)
        plane = _sharpen(plane, amount, scale)
    if rng.random() < 0.5:
        plane = _convert_to_float32(np.sign(plane) * np.abs(plane) ** rng.uniform(0.7, 1.4))
    if rng.random() < 0.2:
        added = rng.uniform(0.2, 0.8) * noise
        plane = _convert_to_float32(plane + rng.normal(0, added, plane.shape))
    if rng.random() < 0.15:
        plane = _collimate(plane, rng)
    if rng.random() < 0.4 and 255 * noise > LEAST_NOISE:
        plane = _round_to_eight_bits(plane, rng)
    return _convert_to_float32(plane * 1000)


def degrade(plane: Pixels, other: Pixels, rng: np.random.Generator) -> Pixels:
    """A film of shape (Y, X) as a harder device would give it: sharpened, noisier, now and then through another film.

    Calcium is put in after this, in units of the noise that is then there: the noisier the film, the more it stands
    out from bone. Detectors differ tenfold in that.
    """
    if rng.random() < MIXED:
        share = np.float32(rng.uniform(0.3, 0.7))
        plane = share * plane + (1 - share) * other
    if rng.random() < SHARPENED:
        scale = float(np.exp(rng.uniform(*np.log(SHARPENED_PX))))
        plane = _sharpen(plane, rng.uniform(0.3, 1.5), scale)
    if rng.random() < NOISIER:
        plane = _add_grain(plane, rng)
    return _convert_to_float32(plane)


def shift_levels(shown: Pixels, rng: np.random.Generator) -> Pixels:
    """What the network is shown, shape (3, Y, X), its broad grey levels as if the film went on beyond the sample."""
    if rng.random() < WHOLE_LEVELS:
        span = np.float32(rng.uniform(0.3, 1.0))
        shown = shown.copy()
        shown[2] = shown[2] * span + np.float32(rng.uniform(0, 1)) * (1 - span)
    return shown


def _sharpen(plane: Pixels, amount: float, scale: float) -> Pixels:
    """The film with its detail finer than a scale in pixels enlarged by an amount."""
    return plane + np.float32(amount) * (plane - cv2.GaussianBlur(plane, (0, 0), float(scale)))


def _add_grain(plane: Pixels, rng: np.random.Generator) -> Pixels:
    """The film with up to NOISE_TIMES of its noise; of noise s that is to be w, sqrt(w^2 - s^2) is added."""
    noise = float(np.median(local_noise(plane)))
    grain = _convert_to_float32(rng.standard_normal(plane.shape, dtype=np.float32))
    soft = float(rng.uniform(0.0, 0.7))
    if soft > SOFTEST_PX:
        grain = _convert_to_float32(cv2.GaussianBlur(grain, (0, 0), soft))
        grain /= grain.std()
    wanted = max(noise, LEAST_NOISE) * float(np.exp(rng.uniform(0.0, np.log(NOISE_TIMES))))
    return plane + np.float32(np.sqrt(max(wanted**2 - noise**2, 0.0))) * grain


def _collimate(plane: Pixels, rng: np.random.Generator) -> Pixels:
    """A straight black or white border over one side."""
    rows, columns = np.mgrid[: plane.shape[0], : plane.shape[1]]
    down, right = rows - plane.shape[0] / 2, columns - plane.shape[1] / 2
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(20, 90)
    beyond = down * np.sin(angle) + right * np.cos(angle) - offset
    share = expit(beyond / rng.uniform(0.3, 3))
    return _convert_to_float32(plane * (1 - share) + float(rng.integers(2)) * share)


def _round_to_eight_bits(plane: Pixels, rng: np.random.Generator) -> Pixels:
    """Grey values from 0 to 1 in 256 steps, mostly through JPEG."""
    eight_bit = np.clip(plane * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        _, packed = cv2.imencode(".jpg", eight_bit, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 97))])
        eight_bit = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return _convert_to_float32(eight_bit / 255)


def _convert_to_float32(values: object) -> Pixels:
    return np.asarray(values, dtype=np.float32)
