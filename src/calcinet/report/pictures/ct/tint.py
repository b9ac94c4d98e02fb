"""How a projection of a CT is shown: its window, its bones dimmed, its calcium coloured by compartment."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask
from calcinet.report.pictures import drawing
from calcinet.report.pictures.ct.compartments import COLOURS, COMPARTMENTS, number_of_compartment
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.viewport import Viewport, Window

CT_WINDOW: Final = Window(-150.0, 1100.0, 0.8)
"""Hounsfield units of black and white in a projection of a CT. Our choice: muscle is dark grey and compact bone hardly
burns out, so that coloured calcium stands out from both."""

DIMMED: Final = 0.75
"""Brightness of a CT's projection under its colours. Our choice: bone is lighter than soft tissue still."""

TINT: Final = 0.85
"""Share of the colour in a pixel of calcium. Our choice: its brightness still shows through."""


def dim(picture: Picture) -> Picture:
    """Darken a projection, so that its bones do not outshine the colours."""
    return np.asarray(picture * DIMMED, np.uint8)


def tint_compartments(picture: Picture, compartments: NDArray[np.uint8], view: Viewport) -> Mask:
    """Colour calcium by its compartment; returns the coloured pixels."""
    coloured = np.zeros(view.shape, dtype=bool)
    for name in reversed(COMPARTMENTS):
        shown = view.cut_mask(compartments, number_of_compartment(name))
        drawing.tint(picture, shown, COLOURS[name], TINT)
        coloured |= shown
    return coloured
