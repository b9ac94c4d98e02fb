"""The groundwork of a film on disk, in one file of arrays: a correction begins there and not with the search.

It is read again by the same version of the program alone; whatever cannot be read is sought once more.
"""

import dataclasses
import json
import zipfile
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calcinet import weights_manifest
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.artery_paths import ArteryPath
from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.coarse_grid import CoarseGrid
from calcinet.findings.ct.components import Component, Muscle
from calcinet.findings.ct.contrast_enhancement import BloodPool
from calcinet.findings.ct.deposit import Deposit
from calcinet.findings.ct.finder import CtCalcium
from calcinet.findings.ct.nets import Net
from calcinet.findings.ct.shape import Shape
from calcinet.findings.finding import Finding, Kind
from calcinet.findings.mammogram.arteries import Artery
from calcinet.findings.mammogram.finder import BreastCalcium
from calcinet.findings.projection_calcium import Calcium
from calcinet.geometry.vessel_linking import Course
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.measure.radiograph.noise_power import NoisePower
from calcinet.measure.radiograph.sharpness import Sharpness
from calcinet.protocols.groundwork import Groundwork
from calcinet.protocols.optics import Optics
from calcinet.protocols.vessel_records import RecordedVessel
from calcinet.record import FindingRecord
from calcinet.text import Text, messages_of, restored
from calcinet.version import __version__

MOST_BYTES: Final = 64 * 2**20
"""A larger groundwork is not kept; a correction of such a film takes as long as its examination. Our choice: a film of
fifteen million pixels with a net over half of it has five."""

TREE: Final = "tree"
"""Name of the array that holds everything but arrays, as JSON."""

KNOWN: Final[Mapping[str, type]] = {
    kind.__name__: kind
    for kind in (
        *(Groundwork, Optics, NoisePower, Sharpness, CalibreClasses),
        *(Calcium, Finding, Course, BreastCalcium, Artery, RecordedVessel),
        *(CtCalcium, Deposit, Component, Shape, Net, ArteryPath, Muscle, BloodPool),
        *(Anatomy, CoarseGrid, Skeleton),
    )
}
"""What a groundwork is made of."""


def write_groundwork(path: Path, groundwork: Groundwork | None) -> None:
    """Write a groundwork, unless there is none or it is too large."""
    if groundwork is None:
        return
    arrays: list[NDArray[Any]] = []
    tree = json.dumps({"made_by": _name_maker(), "groundwork": _pack(groundwork, arrays)})
    if sum(array.nbytes for array in arrays) > MOST_BYTES:
        return
    named: dict[str, Any] = {str(number): array for number, array in enumerate(arrays)}
    named[TREE] = np.frombuffer(tree.encode(), np.uint8)
    np.savez_compressed(path, **named)


def read_groundwork(path: Path) -> Groundwork | None:
    """The groundwork of a film; None where none is kept, or one of another version."""
    try:
        with np.load(path, allow_pickle=False) as held:
            tree = json.loads(held[TREE].tobytes())
            if tree["made_by"] != _name_maker():
                return None
            groundwork = _unpack(tree["groundwork"], held)
    except (OSError, ValueError, LookupError, TypeError, EOFError, zipfile.BadZipFile):
        return None
    return groundwork if isinstance(groundwork, Groundwork) else None


def _name_maker() -> list[str | None]:
    """Version and weights by which films are searched."""
    return [
        __version__,
        *(weights_manifest.sha256(name) for name in (weights_manifest.NAME, weights_manifest.MAMMOGRAM)),
    ]


def _pack(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """A value as JSON; arrays are numbered and put into `arrays`."""
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, Text):
        return {"text": str.__str__(value), "messages": messages_of([value])}
    if isinstance(value, Enum):
        return {"kind": value.value}
    if isinstance(value, FindingRecord):
        return {"finding": value.model_dump(mode="json")}
    if dataclasses.is_dataclass(value):
        fields = {field.name: _pack(getattr(value, field.name), arrays) for field in dataclasses.fields(value)}
        return {"is": type(value).__name__, "fields": fields}
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop]}
    if isinstance(value, Mapping):
        return {"pairs": [[key, _pack(held, arrays)] for key, held in value.items()]}
    if isinstance(value, tuple | list):
        return [_pack(held, arrays) for held in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def _unpack(packed: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if isinstance(packed, list):
        return tuple(_unpack(held, arrays) for held in packed)
    if not isinstance(packed, dict):
        return packed
    if "array" in packed:
        return arrays[str(packed["array"])]
    if "text" in packed:
        return restored(packed["text"], packed["messages"])
    if "slice" in packed:
        return slice(*packed["slice"])
    if "kind" in packed:
        return Kind(packed["kind"])
    if "finding" in packed:
        return FindingRecord.model_validate(packed["finding"])
    if "pairs" in packed:
        return {key: _unpack(held, arrays) for key, held in packed["pairs"]}
    fields = {name: _unpack(held, arrays) for name, held in packed["fields"].items()}
    return KNOWN[packed["is"]](**fields)
