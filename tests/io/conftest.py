"""Films that the intake tests write themselves: no file from outside is needed."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Picture
from pydicom import dcmread
from pydicom.filewriter import correct_ambiguous_vr

from calcinet.image import Image
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import LimbSpec, limb

Tagger = Callable[..., Path]
Painter = Callable[..., Path]


@pytest.fixture(scope="session")
def film() -> Image:
    """A generated lower leg of 350 x 250 pixels, bone bright, 0.4 mm."""
    return limb(LimbSpec(seed=1, pixel_mm=0.4, field_mm=(140.0, 100.0))).image


@pytest.fixture(scope="session")
def grey(film: Image) -> np.ndarray:
    """The same film as 8 bits."""
    low, high = np.percentile(film.plane, [0.1, 99.9])
    return (np.clip((film.plane - low) / (high - low), 0, 1) * 255).astype(np.uint8)


@pytest.fixture
def dicom(tmp_path: Path, film: Image) -> Tagger:
    """Write the film as DICOM and set (None: delete) the given elements; with `pixels` instead of its own."""

    def write(name: str = "film.dcm", *, pixels: np.ndarray | None = None, **tags: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset = dcmread(write_radiograph(path, film))
        if pixels is not None:
            dataset.Rows, dataset.Columns = pixels.shape[:2]
            dataset.PixelData = pixels.tobytes()
        for keyword, value in tags.items():
            if value is None:
                delattr(dataset, keyword)
            else:
                setattr(dataset, keyword, value)
        correct_ambiguous_vr(dataset, True)
        dataset.save_as(path)
        return path

    return write


@pytest.fixture
def picture(tmp_path: Path) -> Painter:
    """Write pixels as a picture file."""

    def write(pixels: np.ndarray, name: str = "film.png", **options: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Picture.fromarray(pixels).save(path, **options)
        return path

    return write


@pytest.fixture(scope="session")
def ct_hu(shared_data: Path) -> np.ndarray:
    """Hounsfield units of a real CT, (slices, rows, columns)."""
    data = gzip.decompress((shared_data / "ct" / "totalseg_example_ct.nii.gz").read_bytes())
    _, columns, rows, slices = struct.unpack("<4h", data[40:48])
    start = int(struct.unpack("<f", data[108:112])[0])
    return np.frombuffer(data, np.int32, rows * columns * slices, start).reshape(slices, rows, columns)


@pytest.fixture
def folder(tmp_path, picture, grey):
    """Films 1, 2 and 10 of different content, one of them deeper, among files that are none."""
    for number in (10, 1, 2):
        picture(grey[number:], f"in/{'deep/' if number == 2 else ''}film{number}.png")
    for name in (".DS_Store", "Thumbs.db", "notes.txt", "list.csv"):
        (tmp_path / "in" / name).write_text("not a film")
    return tmp_path / "in"
