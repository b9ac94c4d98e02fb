"""One examined image that is ready to be drawn, and what is drawn otherwise for its modality."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask
from calcinet.examined import ExaminedImage
from calcinet.record import ImageRecord
from calcinet.report.labels import Translate
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.viewport import Viewport, Window
from calcinet.vocabulary import Side


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One picture beside that of the whole image, and what it shows."""

    picture: Picture
    caption: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Canvas:
    """One examined image with its window, which is chosen once for all pictures; of a CT its projection."""

    record: ImageRecord
    pixels: ExaminedImage
    modality: "ModalityDrawing"
    window: Window
    compartments: NDArray[np.uint8] | None = None
    """Of a CT: where calcium of which compartment lies (`calcinet.report.pictures.ct.compartments`); else None."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the picture."""
        if self.compartments is None:
            return self.pixels.shape
        rows, columns = self.compartments.shape
        return rows, columns

    def shows_all_columns(self, view: Viewport) -> bool:
        """Whether a view is as wide as the picture."""
        return view.columns == self.shape[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalityDrawing:
    """How the images of one modality are drawn, where the modalities differ."""

    prepare: Callable[[ImageRecord, ExaminedImage], Canvas]
    """Chooses the window."""
    prepare_close_up: Callable[[Canvas, Viewport], Canvas]
    """The same for a close-up."""
    largest_scale: float
    """A whole picture is not enlarged further."""
    choose_side: Callable[[Canvas, Viewport], Side | None]
    """Which side of the patient is written on a view; B writes both ends."""
    letter_views: Callable[[Picture, Canvas, Viewport, int], None]
    """Writes the sides of several views on one picture; takes the height of a letter in pixels."""
    copy_for_marks: Callable[[Picture], Picture]
    """The picture that marks are drawn on."""
    draw_marks: Callable[[Picture, Canvas, Viewport, float], Mask]
    """Draws the findings; takes the size of the lines, gives the pixels that arrows must leave free."""
    draw_panels: Callable[[Canvas, float], list[Panel]]
    """Draws what stands beside the picture; takes pixels a millimetre."""
    finish: Callable[[Picture, Canvas, Sequence[Panel], Translate], Picture]
    """Adds panels and legend to a marked picture that leaves its page."""
