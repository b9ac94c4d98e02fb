"""The window that a file says its film is shown in: for viewers alone, no pixel is changed by it."""

from pydicom.dataset import Dataset

from calcinet.arrays import Pixels
from calcinet.io.dicom.header import numbers, text

Window = tuple[float, float]
"""Values that are shown black and white."""


def read_window(header: Dataset) -> Window | None:
    """The first window of a header, in values after the rescale; None where there is none that can be meant.

    Window Center c and Width w of the LINEAR function show c - 0.5 - (w - 1) / 2 black and c - 0.5 + (w - 1) / 2 white;
    those of LINEAR_EXACT and of a SIGMOID, whose slope at c is the same, c - w / 2 and c + w / 2 (PS3.3 C.11.2.1).
    """
    centres, widths = numbers(header, "WindowCenter"), numbers(header, "WindowWidth")
    if not centres or not widths:
        return None
    centre, half = centres[0], widths[0] / 2
    if text(header, "VOILUTFunction").upper() not in ("LINEAR_EXACT", "SIGMOID"):
        centre, half = centre - 0.5, (widths[0] - 1) / 2
    if half <= 0:
        return None
    return centre - half, centre + half


def turn_window(window: Window | None, plane: Pixels) -> Window | None:
    """The window of the negative of a plane, which has the same range."""
    if window is None:
        return None
    around = float(plane.max()) + float(plane.min())
    return around - window[1], around - window[0]
