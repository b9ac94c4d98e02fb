"""Which way round the greys of a radiograph run, by its content alone."""

from typing import Any, Final

import cv2
import numpy as np

from calcinet.arrays import Pixels

SIDE: Final = 256
"""Longer side, in pixels, of the small copy that is examined. Our choice: bones are still wider than a pixel."""

WEIGHTS: Final = {"centre": 9.0, "ridges": 17.0, "texture": 0.43, "bulge": 24.0, "air": 20.0}
"""Weight of each sign. Our choice: rounded from a fit to open hand, wrist, breast and chest radiographs and to our
phantoms, in which a radiograph taken for its negative costs most; the limb films on which the rates are reported had no
part in the fit, though these signs were picked among more with their lowest value in sight. That of the air was added
for limbs that run from edge to edge, white collimation beside them: of 565 films none is below -0.9 with it, and of 147
open limb films 15 were below -1.5 without."""

BOUNDS: Final = {"centre": 0.4, "ridges": 0.2, "texture": 5.0, "bulge": 0.2, "air": 0.4}
"""No sign counts beyond this, in its own unit: one odd region must not decide. Our choice."""

BORDER_SPREAD: Final = 0.03
"""Spread of greys, of 1, within a row outside the collimated field. Our choice: noise of the border."""

MIN_FIELD: Final = 32
"""Pixels to a side below which nothing is cut off. Our choice."""

GREYS: Final = 32
"""Classes of grey whose commonest is looked for: a shade of air is one, limbs are many."""

AIR_SHARE: Final = 0.1
"""The commonest dark and the commonest bright grey may differ by this share of the film before it tells anything. Our
choice: the lungs of a chest reach it."""

SOBEL_GAIN: Final = 0.25
"""Makes the 3 x 3 Sobel kernel a difference over two pixels."""


def sense(plane: Pixels) -> float:
    """How much the film looks like one with bright bone; clearly negative where it is a negative.

    The sum of w_i clip(s_i, -b_i, b_i) over five signs s_i, with their weights w_i and bounds b_i.

    Five signs, each of which changes its sign with the film: the middle of the film is brighter than its rim (a limb
    lies in air), fine structure is bright (cortex and trabeculae on soft tissue), bright parts are noisier than dark
    ones (direct exposure is burnt out), bodies bulge towards bright (projected thickness is a concave function), and
    the commonest grey is dark (air is of one shade, a limb of many).

    Parameters
    ----------
    plane
        Shape (rows, columns), any scale and offset.

    Returns
    -------
    float
        Between -20 and 20; above 1.5 in most radiographs, below -1.5 in most negatives.
    """
    whole = _shrink(plane)
    field = _crop_border(whole)
    signs = {
        "centre": _measure_centre(whole),
        "ridges": _measure_ridges(field),
        "texture": _measure_texture(field),
        "bulge": _measure_bulge(field),
        "air": _measure_air(field),
    }
    return sum(WEIGHTS[name] * float(np.clip(sign, -BOUNDS[name], BOUNDS[name])) for name, sign in signs.items())


def _shrink(plane: Pixels) -> Pixels:
    """A copy of `SIDE` pixels, its greys from 0 to 1 between the half percentiles."""
    rows, columns = plane.shape
    scale = SIDE / max(rows, columns)
    size = (max(8, round(columns * scale)), max(8, round(rows * scale)))
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    return _stretch(small)


def _stretch(plane: Any) -> Pixels:
    low, high = np.percentile(plane, [0.5, 99.5])
    grey: Pixels = np.clip((plane - low) / max(float(high - low), 1e-9), 0, 1).astype(np.float32)
    return grey


def _crop_border(grey: Pixels) -> Pixels:
    """The film without the rows and columns of one grey at its edges, stretched anew."""
    rows = np.flatnonzero(_measure_spread(grey, 1) > BORDER_SPREAD)
    columns = np.flatnonzero(_measure_spread(grey, 0) > BORDER_SPREAD)
    if min(rows.size, columns.size) < MIN_FIELD:
        return grey
    field = np.ascontiguousarray(grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    if field.shape == grey.shape:
        return _stretch(field)
    return _crop_border(_stretch(field))


def _measure_spread(grey: Pixels, axis: int) -> Any:
    low, high = np.percentile(grey, [5, 95], axis=axis)
    return high - low


def _measure_centre(grey: Pixels) -> float:
    """Mean grey of the inner half minus that of the outer quarter."""
    rows, columns = grey.shape
    down, across = np.mgrid[:rows, :columns]
    outwards = 2 * np.maximum(abs(down / rows - 0.5), abs(across / columns - 0.5))
    return float(grey[outwards < 0.5].mean() - grey[outwards > 0.75].mean())


def _measure_ridges(grey: Pixels) -> float:
    """Bright minus dark structure narrower than 5 pixels, as a share of both."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    bright = float(cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, disc).sum())
    dark = float(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, disc).sum())
    return (bright - dark) / (bright + dark + 1e-9)


def _measure_texture(grey: Pixels) -> float:
    """Logarithm of the roughness of bright over that of dark parts; 0 where the film has only one of them."""
    rough = np.abs(grey - cv2.medianBlur(grey, 3))
    dark, bright = grey < 0.35, grey > 0.65
    if min(dark.sum(), bright.sum()) <= 50:
        return 0.0
    return float(np.log((np.median(rough[bright]) + 1e-4) / (np.median(rough[dark]) + 1e-4)))


def _measure_bulge(grey: Pixels) -> float:
    """Share of pixels where the smoothed film is concave minus where it is convex, away from flat regions."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 4)
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=SOBEL_GAIN)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=SOBEL_GAIN)
    steep = np.hypot(across, down)
    lively = cv2.GaussianBlur(steep.astype(np.float32), (0, 0), 4) > 0.005
    if lively.sum() <= 100:
        return 0.0
    curvature = cv2.Laplacian(smooth, cv2.CV_32F)[lively]
    return float((curvature < -1e-4).mean() - (curvature > 1e-4).mean())


def _measure_air(grey: Pixels) -> float:
    """Share of the commonest dark grey minus that of the commonest bright one, as far as it exceeds `AIR_SHARE`."""
    counts, _ = np.histogram(grey, GREYS, (0, 1))
    third = GREYS // 3
    more = float(counts[:third].max() - counts[-third:].max()) / grey.size
    return float(np.sign(more) * max(abs(more) - AIR_SHARE, 0.0))
