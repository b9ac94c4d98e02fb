"""Pixels of an examined image as a viewer reads them: 16-bit grey without a header, and what they mean beside them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from calcinet.apps.web.data_folder import HEADER, PLANE, VOLUME
from calcinet.apps.web.first_window import choose_first_window
from calcinet.arrays import Pixels
from calcinet.image import PROJECTIONS, Image
from calcinet.protocols.ct.projection import project_volume

WINDOW_SHARES: Final = (0.5, 99.5)
"""Percent of the pixels of a projection or a scan that lie below the ends of the window that is shown first. Our
choice: a hot spot or a clip does not decide it."""

CT_WINDOW_HU: Final = (-160.0, 240.0)
"""Window of soft tissue that a CT is shown in first: centre 40, width 400. Our choice, the usual one of readers."""

GREY_STEPS: Final = 65535


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class View:
    """What a viewer is given of one image."""

    plane: Pixels
    """What findings are drawn on, shape (rows, columns)."""
    hu: Pixels | None
    """Of a CT its slices, shape (Z, Y, X)."""
    spacing_mm: tuple[float, float] | None
    """Distance of rows and of columns of the plane."""
    spacing_basis: str
    modality: str
    shown_between: tuple[float, float] | None = None
    """Of a film the window that its file states."""


def view_image(image: Image) -> View:
    """An image as it was read: of a CT the plane is its brightest projection from the front."""
    known: dict[str, Any] = {
        "spacing_basis": image.spacing_basis,
        "modality": image.modality,
        "shown_between": image.shown_between,
    }
    if image.modality != "CT":
        return View(plane=image.picture, hu=None, spacing_mm=image.pixel_mm, **known)
    spacing_mm = None
    if image.spacing_mm is not None:
        spacing_mm = image.spacing_mm[0], image.spacing_mm[2]
    return View(plane=project_volume(image.pixels), hu=image.pixels, spacing_mm=spacing_mm, **known)


def write_view(folder: Path, view: View) -> None:
    """Write the plane, of a CT its slices as well, little-endian, row by row; what they mean is written last."""
    folder.mkdir(parents=True, exist_ok=True)
    plane = np.asarray(view.plane, dtype=np.float32)
    low, high = float(plane.min()), float(plane.max())
    slope = (high - low) / GREY_STEPS or 1.0
    (folder / PLANE).write_bytes(np.rint((plane - low) / slope).astype("<u2").tobytes())
    first, last = _choose_window(view, plane)
    header: dict[str, Any] = {
        "rows": plane.shape[0],
        "columns": plane.shape[1],
        "bits": 16,
        "type": "uint16",
        "slope": slope,
        "intercept": low,
        "window": _write_window(first, last),
        "spacing_mm": view.spacing_mm,
        "spacing_basis": view.spacing_basis,
        "modality": view.modality,
        "slices": None,
    }
    if view.hu is not None:
        with (folder / VOLUME).open("wb") as stream:
            for section in view.hu:
                stream.write(np.clip(np.rint(section), -32768, 32767).astype("<i2").tobytes())
        header["slices"] = {
            "count": view.hu.shape[0],
            "rows": view.hu.shape[1],
            "columns": view.hu.shape[2],
            "bits": 16,
            "type": "int16",
            "slope": 1.0,
            "intercept": 0.0,
            "unit": "[hnsf'U]",
            "window": _write_window(*CT_WINDOW_HU),
        }
    new = folder / f".{HEADER}"
    new.write_text(json.dumps(header))
    new.replace(folder / HEADER)


def _choose_window(view: View, plane: Pixels) -> tuple[float, float]:
    """What is shown black and white first."""
    if view.modality in PROJECTIONS:
        return choose_first_window(plane, view.spacing_mm, view.shown_between)
    first, last = np.percentile(plane[::4, ::4], WINDOW_SHARES)
    return float(first), float(last)


def _write_window(low: float, high: float) -> dict[str, float]:
    """In the values that slope and intercept make of the pixels."""
    return {"low": low, "high": high}
