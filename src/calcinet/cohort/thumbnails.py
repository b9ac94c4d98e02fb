"""A small picture of a film with the outlines of what was marked: enough to say whether it is worth a second look."""

import cv2
import numpy as np

from calcinet.examined import ExaminedImage
from calcinet.record import ImageRecord
from calcinet.report.pictures.canvas import Canvas
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.figures import ranked
from calcinet.report.pictures.modalities import canvas_of
from calcinet.report.pictures.viewport import Viewport, close_view, whole_view

LONGEST_PX = 480
"""Longer side. Our choice: an outline of a net is seen, burned-in letters of a whole film are hardly read."""

CLOSE_SHARE = 0.35
"""Side of what is shown round the first finding of a film that letters may be burned into, as a share of its shorter
side. Our choice: letters stand in the corners."""

QUALITY = 82
"""Of the JPEG. Our choice: some 25 kB."""


def draw_thumbnail(image: ImageRecord, examined: ExaminedImage) -> bytes | None:
    """Draw the film with its marks as JPEG; where letters may be burned into it, round its first finding alone, and
    nothing where it has none.
    """
    canvas = canvas_of(image, examined)
    view = _choose_view(canvas)
    if view is None:
        return None
    grey = canvas.window.grey(view.cut(examined.plane))
    picture: Picture = np.repeat(grey[..., None], 3, axis=2)
    canvas.modality.draw_marks(picture, canvas, view, LONGEST_PX * 2)
    _, packed = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return packed.tobytes()


def _choose_view(canvas: Canvas) -> Viewport | None:
    if not _may_name(canvas):
        return whole_view(canvas.shape, canvas.record.spacing_mm, LONGEST_PX)
    if not canvas.record.findings:
        return None
    first = ranked(canvas.record.findings)[0]
    points = np.array(first.outline or first.polyline or [(canvas.shape[0] / 2, canvas.shape[1] / 2)])
    side = int(min(canvas.shape) * CLOSE_SHARE)
    top, left = (points.mean(axis=0) - side / 2).astype(int).tolist()
    return close_view(canvas.shape, canvas.record.spacing_mm, (top, left, side, side), LONGEST_PX)


def _may_name(canvas: Canvas) -> bool:
    """Whether letters may be burned into the film: the header says so, or it is an export."""
    if canvas.record.export_signs:
        return True
    from calcinet.report.dicom.source_reference import shows_burned_in

    header = canvas.pixels.source_header
    return header is not None and shows_burned_in(header)
