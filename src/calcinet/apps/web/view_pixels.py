"""Pixels of an examined image as a viewer reads them: 16-bit grey without a header, and what they mean beside them."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from calcinet.apps.web.data_folder import HEADER, PLANE, VOLUME
from calcinet.examined import ExaminedImage
from calcinet.record import ImageRecord

WINDOW_SHARES: Final = (0.5, 99.5)
"""Percent of the pixels that lie below the ends of the window that is shown first. Our choice: a marker or an edge of
the film does not decide it."""

CT_WINDOW_HU: Final = (-160.0, 240.0)
"""Window of soft tissue that a CT is shown in first: centre 40, width 400. Our choice, the usual one of readers."""

GREY_STEPS: Final = 65535


def write_view(folder: Path, image: ImageRecord, examined: ExaminedImage) -> None:
    """Write the plane that findings are drawn on, of a CT its slices as well, little-endian, row by row."""
    folder.mkdir(parents=True, exist_ok=True)
    plane = np.asarray(examined.plane, dtype=np.float32)
    low, high = float(plane.min()), float(plane.max())
    slope = (high - low) / GREY_STEPS or 1.0
    (folder / PLANE).write_bytes(np.rint((plane - low) / slope).astype("<u2").tobytes())
    first, last = np.percentile(plane[::4, ::4], WINDOW_SHARES)
    header: dict[str, Any] = {
        "rows": plane.shape[0],
        "columns": plane.shape[1],
        "bits": 16,
        "type": "uint16",
        "slope": slope,
        "intercept": low,
        "window": _write_window(float(first), float(last)),
        "spacing_mm": image.spacing_mm,
        "spacing_basis": image.spacing_basis,
        "modality": image.modality,
        "slices": None,
    }
    if examined.volume is not None and image.ct is not None:
        hu = examined.volume.hu
        with (folder / VOLUME).open("wb") as stream:
            for section in hu:
                stream.write(np.clip(np.rint(section), -32768, 32767).astype("<i2").tobytes())
        header["slices"] = {
            "count": hu.shape[0],
            "rows": hu.shape[1],
            "columns": hu.shape[2],
            "bits": 16,
            "type": "int16",
            "slope": 1.0,
            "intercept": 0.0,
            "unit": "[hnsf'U]",
            "window": _write_window(*CT_WINDOW_HU),
        }
    (folder / HEADER).write_text(json.dumps(header))


def _write_window(low: float, high: float) -> dict[str, float]:
    """In the values that slope and intercept make of the pixels."""
    return {"low": low, "high": high}
