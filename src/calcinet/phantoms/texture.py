"""Random tissue texture, from a seed."""

import cv2
import numpy as np

from calcinet.arrays import Pixels


def cloud(shape: tuple[int, int], scale_px: tuple[float, float], rng: np.random.Generator) -> Pixels:
    """Smooth noise of mean 0 and SD about 1 whose blobs have the given size in rows and columns."""
    down, across = (max(scale, 1.0) for scale in scale_px)
    coarse = int(shape[0] / down) + 4, int(shape[1] / across) + 4
    noise = rng.standard_normal(coarse, dtype=np.float32) * np.float32(1.4)
    size = (int(coarse[1] * across), int(coarse[0] * down))
    grown = cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown[: shape[0], : shape[1]], np.float32)


def fibres(shape: tuple[int, int], scale_px: tuple[float, float], angle_deg: float, rng: np.random.Generator) -> Pixels:
    """`cloud` turned by `angle_deg`: long rows and short columns make stripes along the limb."""
    side = int(np.hypot(*shape)) + 2
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), angle_deg, 1.0)
    turn[:, 2] -= np.array([(side - shape[1]) / 2, (side - shape[0]) / 2])
    straight = cloud((side, side), scale_px, rng)
    return np.asarray(cv2.warpAffine(straight, turn, (shape[1], shape[0]), flags=cv2.INTER_LINEAR), np.float32)
