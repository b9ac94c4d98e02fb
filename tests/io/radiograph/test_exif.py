"""Tags beside the pixels of pictures that Pillow wrote."""

from io import BytesIO

import numpy as np
import PIL.Image
import pytest

from calcinet.io.radiograph.camera_data import Taken, find_camera
from calcinet.io.radiograph.exif import read_exif
from calcinet.io.radiograph.picture_resolution import pixel_aspect

MAKE = 0x010F


def saved(kind, **how):
    out = BytesIO()
    PIL.Image.fromarray(np.zeros((10, 12), np.uint8)).save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_tags_come_back(kind):
    exif = PIL.Image.Exif()
    exif[MAKE] = "maker"

    assert read_exif(saved(kind, exif=exif))[MAKE] == "maker"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_without_tags_there_are_none(kind):
    assert not dict(read_exif(saved(kind)))


def test_other_kinds_of_pictures_are_not_opened():
    with pytest.raises(PIL.UnidentifiedImageError):
        read_exif(saved("GIF"))


def test_what_pillow_says_of_damage_goes_nowhere(caplog):
    """Samples per Pixel (0115) of a TIFF says 10825: the library logs it as an error, and opens nothing."""
    stream = BytesIO()
    PIL.Image.fromarray(np.zeros((10, 12, 3), np.uint8)).save(stream, "TIFF")
    entry = b"\x15\x01\x03\x00\x01\x00\x00\x00"
    data = stream.getvalue()
    assert data.count(entry) == 1
    odd = data.replace(entry + b"\x03\x00", entry + (10825).to_bytes(2, "little"))

    assert pixel_aspect(odd) == 1
    assert find_camera(odd) is Taken.UNKNOWN
    assert caplog.records == []
