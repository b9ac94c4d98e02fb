"""Random tissue texture and random curves, from a seed."""

import cv2
import numpy as np

from calcinet.arrays import Floats, Pixels


def cloud(shape: tuple[int, int], scale_px: tuple[float, float], rng: np.random.Generator) -> Pixels:
    """Smooth noise of mean 0 and SD about 1 whose blobs have the given size in rows and columns."""
    coarse = tuple(int(n / max(s, 1.0)) + 4 for n, s in zip(shape, scale_px, strict=True))
    noise = rng.standard_normal(coarse, dtype=np.float32) * np.float32(1.4)
    size = (int(coarse[1] * max(scale_px[1], 1.0)), int(coarse[0] * max(scale_px[0], 1.0)))
    grown = cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown[: shape[0], : shape[1]], np.float32)


def fibres(shape: tuple[int, int], scale_px: tuple[float, float], angle_deg: float, rng: np.random.Generator) -> Pixels:
    """`cloud` turned by `angle_deg`: long rows and short columns make stripes along the limb."""
    side = int(np.hypot(*shape)) + 2
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), angle_deg, 1.0)
    turn[:, 2] -= np.array([(side - shape[1]) / 2, (side - shape[0]) / 2])
    straight = cloud((side, side), scale_px, rng)
    return np.asarray(cv2.warpAffine(straight, turn, (shape[1], shape[0]), flags=cv2.INTER_LINEAR), np.float32)


def wander(length: int, scale: float, rng: np.random.Generator) -> Floats:
    """Smooth random sequence of mean 0 and SD about 1 that changes over `scale` steps."""
    knots = int(length / max(scale, 1.0)) + 4
    values = rng.standard_normal(knots)
    at = np.arange(length) / max(scale, 1.0) + 1.0
    left = at.astype(int)
    t = at - left
    smooth = t * t * (3 - 2 * t)
    return np.asarray(values[left] * (1 - smooth) + values[np.minimum(left + 1, knots - 1)] * smooth)
