"""The table of modalities: how films, CTs and bone scans are drawn where they differ."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.examined import ExaminedImage
from calcinet.record import ImageRecord
from calcinet.report.labels import Translate
from calcinet.report.pictures.annotation import line_width, outline_findings
from calcinet.report.pictures.canvas import Canvas, ModalityDrawing, Panel
from calcinet.report.pictures.ct.compartments import map_from_the_front
from calcinet.report.pictures.ct.panels import draw_ct_panels, put_side_by_side, with_compartments
from calcinet.report.pictures.ct.tint import CT_WINDOW, dim, tint_compartments
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.figures import ranked, with_legend
from calcinet.report.pictures.scintigram.segments import counts_window, letter_views, outline_segments
from calcinet.report.pictures.viewport import LARGEST_CT_SCALE, LARGEST_SCALE, Viewport, tissue_window
from calcinet.vocabulary import Side


def canvas_of(record: ImageRecord, pixels: ExaminedImage) -> Canvas:
    """Make an examined image ready to be drawn."""
    return choose_drawing(record, pixels).prepare(record, pixels)


def choose_drawing(record: ImageRecord, pixels: ExaminedImage) -> ModalityDrawing:
    """Choose the entry of an image by what its record and its pixels hold."""
    if record.ct is not None and pixels.volume is not None:
        return CT
    if record.scintigram is not None:
        return SCINTIGRAM
    return FILM


def _prepare_film(record: ImageRecord, pixels: ExaminedImage) -> Canvas:
    return Canvas(record=record, pixels=pixels, modality=FILM, window=tissue_window(pixels.plane))


def _prepare_scintigram(record: ImageRecord, pixels: ExaminedImage) -> Canvas:
    return Canvas(record=record, pixels=pixels, modality=SCINTIGRAM, window=counts_window(pixels.plane))


def _prepare_ct(record: ImageRecord, pixels: ExaminedImage) -> Canvas:
    assert pixels.volume is not None
    compartments = map_from_the_front(pixels.volume.voxels, record)
    return Canvas(record=record, pixels=pixels, modality=CT, window=CT_WINDOW, compartments=compartments)


def _choose_window_of_close_up(canvas: Canvas, view: Viewport) -> Canvas:
    return replace(canvas, window=tissue_window(canvas.pixels.plane[view.window]))


def _keep_window(canvas: Canvas, view: Viewport) -> Canvas:
    """Hounsfield units and counts look alike in every picture."""
    del view
    return canvas


def _choose_stated_side(canvas: Canvas, view: Viewport) -> Side | None:
    """The side of a film; both sides are not told apart on it."""
    del view
    side = canvas.record.laterality
    return side if side in ("L", "R") else None


def _choose_side_of_ct(canvas: Canvas, view: Viewport) -> Side | None:
    """The side that the file states; of a whole CT both, where left and right are known."""
    stated = _choose_stated_side(canvas, view)
    volume = canvas.pixels.volume
    if stated is None and volume is not None and volume.oriented and canvas.shows_all_columns(view):
        return "B"
    return stated


def _write_no_sides(picture: Picture, canvas: Canvas, view: Viewport, size: int) -> None:
    """A single view has no sides beside that of the image."""


def _write_sides_of_views(picture: Picture, canvas: Canvas, view: Viewport, size: int) -> None:
    if canvas.record.scintigram is not None and canvas.shows_all_columns(view):
        letter_views(picture, canvas.record.scintigram, view, view.columns, size)


def _copy_picture(picture: Picture) -> Picture:
    return picture.copy()


def _mark_film(picture: Picture, canvas: Canvas, view: Viewport, size: float) -> Mask:
    return outline_findings(picture, canvas.record, canvas.pixels.mask, view, size)


def _mark_scintigram(picture: Picture, canvas: Canvas, view: Viewport, size: float) -> Mask:
    if canvas.record.scintigram is not None:
        outline_segments(picture, canvas.record.scintigram, view, line_width(view, size))
    return _mark_film(picture, canvas, view, size)


def _mark_ct(picture: Picture, canvas: Canvas, view: Viewport, size: float) -> Mask:
    del size
    assert canvas.compartments is not None
    return tint_compartments(picture, canvas.compartments, view)


def _draw_no_panels(canvas: Canvas, px_per_mm: float) -> list[Panel]:
    del canvas, px_per_mm
    return []


def _finish_film(picture: Picture, canvas: Canvas, panels: Sequence[Panel], _: Translate) -> Picture:
    del panels
    kinds = list(dict.fromkeys(finding.kind for finding in ranked(canvas.record.findings)))
    return np.asarray(with_legend(picture, kinds, _), dtype=np.uint8)


def _finish_ct(picture: Picture, canvas: Canvas, panels: Sequence[Panel], _: Translate) -> Picture:
    joined = put_side_by_side(picture, panels, _)
    return np.asarray(with_compartments(joined, canvas.record, _), dtype=np.uint8)


FILM: Final = ModalityDrawing(
    prepare=_prepare_film,
    prepare_close_up=_choose_window_of_close_up,
    largest_scale=LARGEST_SCALE,
    choose_side=_choose_stated_side,
    letter_views=_write_no_sides,
    copy_for_marks=_copy_picture,
    draw_marks=_mark_film,
    draw_panels=_draw_no_panels,
    finish=_finish_film,
)
"""A radiograph or a mammogram."""

SCINTIGRAM: Final = replace(
    FILM,
    prepare=_prepare_scintigram,
    prepare_close_up=_keep_window,
    letter_views=_write_sides_of_views,
    draw_marks=_mark_scintigram,
)
"""A planar bone scan: drawn as a film, dark where it counts, with its body and its segments."""

CT: Final = ModalityDrawing(
    prepare=_prepare_ct,
    prepare_close_up=_keep_window,
    largest_scale=LARGEST_CT_SCALE,
    choose_side=_choose_side_of_ct,
    letter_views=_write_no_sides,
    copy_for_marks=dim,
    draw_marks=_mark_ct,
    draw_panels=draw_ct_panels,
    finish=_finish_ct,
)
"""A CT: its brightest projection from the front, the calcium in the colours of its compartments."""
