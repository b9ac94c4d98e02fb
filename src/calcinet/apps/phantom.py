"""Phantoms on disk: a film as DICOM with its truth beside it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from calcinet.errors import BadInput
from calcinet.io.export import write_radiograph
from calcinet.phantoms.limb import limb
from calcinet.phantoms.spec import LimbSpec
from calcinet.phantoms.truth import Phantom
from calcinet.report.documents import png

DECIMALS: Final = 3
"""Of every written coordinate and diameter. Our choice: a thousandth of a pixel or of a millimetre."""


def write_phantom(spec: LimbSpec, folder: Path, *, force: bool = False) -> list[Path]:
    """Write phantom-<seed>.dcm, its label map .truth.png and its centre lines, diameters and meshes .truth.json.

    Raises
    ------
    BadInput
        If one of the files is there already and not `force`.
    """
    stem = f"phantom-{spec.seed}"
    film, label_map, truth = (folder / f"{stem}{end}" for end in (".dcm", ".truth.png", ".truth.json"))
    if film.exists() and not force:
        raise BadInput(f"{film} is there already; give another folder, another seed, or --force to replace it")
    phantom = limb(spec)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{stem}.writing"
    _replace(label_map, partial, png(phantom.truth.mask))
    _replace(truth, partial, (json.dumps(truth_of(phantom), indent=1) + "\n").encode())
    write_radiograph(partial, phantom.image).replace(film)
    return [film, label_map, truth]


def truth_of(phantom: Phantom[LimbSpec]) -> dict[str, Any]:
    """Describe what the film holds, in plain numbers; points are (row, column)."""
    truth = phantom.truth
    return {
        "spec": asdict(phantom.spec),
        "pixel_mm": phantom.image.pixel_mm,
        "shape": truth.mask.shape,
        "mask_labels": {"none": 0, "vessel": 1, "net": 2, "other calcium": 3},
        "vessels": [
            {
                "compartment": vessel.compartment,
                "centre_line": _plain(vessel.centre_line),
                "diameter_mm": _plain(vessel.diameter_mm),
                "calcified": vessel.calcified.tolist(),
            }
            for vessel in truth.vessels
        ],
        "nets": [
            {
                "mesh_mm": net.mesh_mm,
                "line_mm": net.line_mm,
                "depth_mm": net.depth_mm,
                "outline": _plain(net.outline),
                "lines": [_plain(line) for line in net.lines],
            }
            for net in truth.nets
        ],
    }


def _plain(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> list[Any]:
    return list(np.round(numbers, DECIMALS).tolist())


def _replace(path: Path, partial: Path, content: bytes) -> None:
    partial.write_bytes(content)
    partial.replace(path)
