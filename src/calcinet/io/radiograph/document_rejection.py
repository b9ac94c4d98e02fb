"""Pictures that are no film though they are grey: sheets of images, pages of print, screenshots, slices of a CT."""

from itertools import groupby
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.errors import Unreadable
from calcinet.io.radiograph.burned_letters import find_lines
from calcinet.text import say

Bytes = NDArray[np.uint8]
"""A mask as OpenCV wants it: 0 and 1."""

GREYS: Final = 255.0
"""Steps into which the range of the picture is divided here."""

RULE_SPREAD: Final = 8.0
"""Grey steps within a row between two pictures, letters (half a percent at either end) left out. Our choice."""

ENOUGH: Final = 600
"""Pixels of a row that tell whether it is of one grey. Our choice: a twentieth of a tile is 30 of them."""

MIN_PANEL: Final = 0.08
"""Share of the side that a picture on a sheet takes. Our choice: twelve in a row."""

MIN_PANELS: Final = 4
"""Pictures that make a sheet. Our choice: two projections on one plate are common."""

PANEL_RATIO: Final = 1.5
"""Largest over smallest picture of a sheet. Our choice: tiles are alike, the gaps between fingers are not."""

MIN_FLAT: Final = 0.01
"""Share of the picture that a flat surface of a window takes. Our choice."""

LOOKED_AT: Final = 1024
"""Pixels of the longer side that are looked at for flat surfaces, the others skipped. Our choice."""

FLAT_FILL: Final = 0.7
"""How much of its bounding box a flat surface fills; letters and pictures cut into it. Our choice."""

FLAT_APART: Final = 10
"""Grey steps between two surfaces of a window. Our choice: burnt-out air and padding lie closer."""

MIN_PAPER: Final = 0.6
"""Share of a page that is of one grey. Our choice: pages of ours have 0.85 and more."""

PAPER_GREY: Final = 200
"""Darkest paper, of 255. Our choice."""

MIN_LINES: Final = 8
"""Lines of print that make a page. Our choice: pages of ours have 12 and more, of sixty films none more than 5."""

AIR_LEVEL: Final = 0.08
"""Share of the grey range under which a pixel is air. Our choice."""

MIN_ROUNDNESS: Final = 0.88
"""Overlap of a body's section with the ellipse of its moments. Our choice: trunk and limb sections reach 0.88 to 0.96;
films that do all touch the picture's edge."""

MAX_CONTACT: Final = 0.1
"""Share of the picture's edge that a section may touch. Our choice."""

SMALL: Final = 256
"""Longer side, in pixels, of the small copy on which sections are found. Our choice."""

SECTION_AREA: Final = (0.1, 0.9)
"""Share of the picture that a section takes. Our choice."""

MIN_CLEAN_AIR: Final = 0.97
"""Share of the air that lies at the very lowest grey on a windowed slice. Our choice; films have scatter there."""


def refuse_page(shown: Pixels) -> None:
    """Refuse a page on which print stands on bright paper of one grey.

    Not on dark: many lines of a viewer's print stand so round a film.

    Parameters
    ----------
    shown
        Greys as a person sees the picture, shape (rows, columns), not constant.
    """
    grey = np.subtract(shown, shown.min()) * (GREYS / float(np.ptp(shown)))
    stride = max(1, max(grey.shape) // LOOKED_AT)
    counts = np.bincount(np.rint(grey[::stride, ::stride]).astype(np.uint8).ravel())
    is_paper = np.argmax(counts) >= PAPER_GREY and counts.max() >= MIN_PAPER * counts.sum()
    if is_paper and len(find_lines(grey)) >= MIN_LINES:
        message = say("found a page of print, as of a report; expected a film: give the film itself")
        raise Unreadable(message, code="page")


def require_single_film(plane: Pixels) -> None:
    """Refuse a sheet of pictures, a screenshot and a slice of a CT.

    Parameters
    ----------
    plane
        Shape (rows, columns), not constant.
    """
    grey = np.subtract(plane, plane.min()) * (GREYS / float(np.ptp(plane)))
    down, across = _count_panels(grey), _count_panels(grey.T)
    if down * across >= MIN_PANELS:
        message = say(
            "found a sheet of {down} x {across} pictures; expected one film: save the film that is meant on its own",
            down=down,
            across=across,
        )
        raise Unreadable(message, code="sheet")
    if _is_window(grey):
        message = say("found flat surfaces as of a screenshot; expected a film: export the film itself instead")
        raise Unreadable(message, code="screenshot")
    if _is_section(grey):
        message = say(
            "found a round section in clean air, as of a CT slice; expected a radiograph: give the plain film, or the "
            "whole CT series as DICOM"
        )
        raise Unreadable(message, code="ct-slice")


def _count_panels(grey: Pixels) -> int:
    """Pictures one below the other, apart by rows of one grey; 1 unless all are alike."""
    sample = grey[:, :: max(1, grey.shape[1] // ENOUGH)]
    low, high = np.percentile(sample, [0.5, 99.5], axis=1)
    sizes = []
    for is_flat, rows in groupby((high - low <= RULE_SPREAD).tolist()):
        size = len(list(rows))
        if not is_flat and size > MIN_PANEL * len(grey):
            sizes.append(size)
    if not sizes or max(sizes) > PANEL_RATIO * min(sizes):
        return 1
    return len(sizes)


def _is_window(grey: Pixels) -> bool:
    """Whether two filled rectangles of different, middling greys are in the picture."""
    stride = max(1, max(grey.shape) // LOOKED_AT)
    steps = np.rint(grey[::stride, ::stride]).astype(np.uint8)
    counts = np.bincount(steps.ravel(), minlength=256)
    frequent = np.flatnonzero(counts > MIN_FLAT * steps.size)
    middling = frequent[(frequent >= 1) & (frequent <= 254)].tolist()
    flat = [level for level in middling if _is_rectangle((steps == level).astype(np.uint8))]
    return bool(flat) and flat[-1] - flat[0] >= FLAT_APART


def _is_rectangle(mask: Bytes) -> bool:
    _, _, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    areas = boxes[1:, cv2.CC_STAT_AREA]
    sides = boxes[1:, cv2.CC_STAT_WIDTH] * boxes[1:, cv2.CC_STAT_HEIGHT]
    return bool(((areas > MIN_FLAT * mask.size) & (areas >= FLAT_FILL * sides)).any())


def _is_section(grey: Pixels) -> bool:
    """Whether all that is bright are ellipses, clear of the edge, in air of one grey."""
    air = grey < AIR_LEVEL * GREYS
    if not air.any() or (grey[air] <= 1).mean() < MIN_CLEAN_AIR:
        return False
    sections = _find_sections(air)
    low, high = SECTION_AREA
    area = sum(float(section.mean()) for section in sections)
    return low <= area <= high and all(_is_clear_ellipse(section) for section in sections)


def _find_sections(air: Mask) -> list[Bytes]:
    """What is not air, body by body, on a small copy of the picture; specks are left out."""
    scale = SMALL / max(air.shape)
    columns, rows = (max(1, round(side * scale)) for side in air.shape[::-1])
    small = cv2.resize((~air).astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    body = cv2.morphologyEx((small > 0.5).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(body, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [_fill(outline, body.shape) for outline in outlines if cv2.contourArea(outline) > MIN_FLAT * body.size]


def _fill(outline: Any, shape: tuple[int, ...]) -> Bytes:
    """What is inside an outline."""
    section = np.zeros(shape, np.uint8)
    cv2.drawContours(section, [outline], -1, 1, -1)
    return section


def _is_clear_ellipse(section: Bytes) -> bool:
    """Whether a section touches little of the edge and overlaps the ellipse of its moments."""
    edge = np.concatenate([section[0], section[-1], section[:, 0], section[:, -1]])
    if edge.mean() > MAX_CONTACT:
        return False
    ellipse = _draw_ellipse(section)
    overlap = int((section & ellipse).sum())
    union = int((section | ellipse).sum())
    return overlap >= MIN_ROUNDNESS * union


def _draw_ellipse(section: Bytes) -> Bytes:
    """The filled ellipse with the centre and the second moments of a section.

    A semi-axis is twice the standard deviation along it, as of any evenly filled ellipse.
    """
    rows, columns = np.nonzero(section)
    centre = (float(columns.mean()), float(rows.mean()))
    variances, axes = np.linalg.eigh(np.cov(np.stack([columns, rows])))
    minor, major = (4 * np.sqrt(variances)).tolist()
    angle = float(np.degrees(np.arctan2(axes[1, 1], axes[0, 1])))
    ellipse = np.zeros_like(section)
    cv2.ellipse(ellipse, (centre, (major, minor), angle), (1,), -1)
    return ellipse
