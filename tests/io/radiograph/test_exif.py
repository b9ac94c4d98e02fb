"""Tags beside the pixels of pictures that Pillow wrote."""

from io import BytesIO

import numpy as np
import PIL.Image
import pytest

from calcinet.io.radiograph.exif import read_exif

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
