"""A view of an image twice: alone, and with its findings marked."""

from collections.abc import Sequence

import numpy as np

from calcinet.record import FindingRecord
from calcinet.report.pictures.annotation import dot_gaps, draw_arrows
from calcinet.report.pictures.canvas import Canvas
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.furniture import draw_furniture, letter_height
from calcinet.report.pictures.viewport import Viewport


def draw_view(
    canvas: Canvas, view: Viewport, pointed_at: Sequence[FindingRecord], *, size: float
) -> tuple[Picture, Picture]:
    """Draw a view of an image: alone, and marked with numbered arrows at the findings `pointed_at`.

    `size` in pixels sets how large arrows, lines and letters are: the longer side of a picture that is shown whole.
    """
    modality, letter = canvas.modality, letter_height(size)
    grey = canvas.window.grey(view.cut(canvas.pixels.plane))
    plain: Picture = np.repeat(grey[..., None], 3, axis=2)
    side = modality.choose_side(canvas, view)
    occupied = draw_furniture(plain, side, _choose_scale(canvas), view, letter)
    modality.letter_views(plain, canvas, view, letter)
    marked = modality.copy_for_marks(plain)
    occupied |= modality.draw_marks(marked, canvas, view, size)
    dot_gaps(marked, canvas.record.courses, view, size)
    draw_arrows(marked, view, pointed_at, occupied, size)
    return plain, marked


def _choose_scale(canvas: Canvas) -> tuple[float, float] | None:
    """Pixel size of the scale bar; none is drawn by a size that is only assumed."""
    if canvas.record.size_known:
        return canvas.record.spacing_mm
    return None
