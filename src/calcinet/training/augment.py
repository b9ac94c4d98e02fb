"""What devices, and things in the beam that are no calcium, do to a film."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from calcinet.findings.noise import noise_map
from calcinet.phantoms.implant import local_noise
from calcinet.phantoms.traps import with_trap

LEAST_NOISE: Final = 0.8
"""Noise of an 8-bit film is at least this, in grey levels: what is below does not survive its rounding."""

Plane = NDArray[np.float32]


OFTEN: Final = ("cloth", "hair", "comb", "grid", "letter", "outline", "outline")
"""What may lie over a film. Leaf-like trees do not: a tree of thin calcified vessels looks the same."""


def with_distractions(plane: Plane, rng: np.random.Generator) -> Plane:
    """Now and then a cloth, hair, a grid, a letter or a sharp edge over a film of shape (Y, X): none is calcium."""
    if rng.random() > 0.25:
        return plane
    return with_trap(plane, local_noise(plane), OFTEN[int(rng.integers(len(OFTEN)))], rng)


def as_devices_do(plane: Plane, rng: np.random.Generator) -> Plane:
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
    share = expit(beyond / rng.uniform(0.3, 3))
    return _float32(plane * (1 - share) + float(rng.integers(2)) * share)


def _float32(values: object) -> Plane:
    return np.asarray(values, dtype=np.float32)
