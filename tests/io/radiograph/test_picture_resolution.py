"""Shape of a pixel by the resolution that a picture states."""

from io import BytesIO

import numpy as np
import PIL.Image
import pytest

from calcinet.io import read
from calcinet.io.radiograph.picture_resolution import pixel_aspect

TURNED_RIGHT = 6


def saved(kind, **how):
    out = BytesIO()
    PIL.Image.fromarray(np.zeros((10, 12), np.uint8)).save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize(("dpi", "aspect"), [((200, 100), 2.0), ((100, 200), 0.5), ((300, 300), 1.0), (None, 1.0)])
def test_more_pixels_to_the_inch_along_a_row_are_higher_than_wide(kind, dpi, aspect):
    """200 along a row and 100 down a column: 0.127 mm wide and 0.254 mm high."""
    how = {"dpi": dpi} if dpi else {}

    assert pixel_aspect(saved(kind, **how)) == pytest.approx(aspect, rel=1e-3)


def test_a_ratio_without_a_unit_is_read():
    """JFIF with unit 0 and densities 2 to 1; bytes 13 to 17 of the file hold them."""
    data = bytearray(saved("JPEG"))
    data[13:18] = bytes([0, 0, 2, 0, 1])

    assert pixel_aspect(bytes(data)) == 2.0


def test_a_turned_picture_has_turned_pixels():
    exif = PIL.Image.Exif()
    exif[0x0112] = TURNED_RIGHT

    assert pixel_aspect(saved("JPEG", dpi=(200, 100), exif=exif)) == 0.5


@pytest.mark.parametrize(("turned", "aspect"), [(False, 2.0), (True, 0.5)])
def test_no_pixel_of_a_png_is_decoded(turned, aspect):
    """What follows the name of the first chunk of pixels is damaged: whoever decoded it would say nothing."""
    exif = PIL.Image.Exif()
    exif[0x0112] = TURNED_RIGHT
    data = saved("PNG", dpi=(200, 100), **({"exif": exif} if turned else {}))
    start = data.index(b"IDAT") + 4

    assert pixel_aspect(data[:start] + b"\xff" * 40) == pytest.approx(aspect, rel=1e-3)


@pytest.mark.parametrize("data", [b"", b"no picture", saved("PNG")[:20]])
def test_what_is_no_picture_says_nothing(data):
    assert pixel_aspect(data) == 1.0


def test_one_number_is_not_used_for_oblong_pixels(picture, grey):
    """The same film at 200 x 100 dpi has no size with one number; at 200 x 200 it has the one given."""
    oblong, square = (read(picture(grey, f"{down}.png", dpi=(200, down)), spacing_mm=0.2) for down in (100, 200))

    assert (oblong.spacing_mm, square.pixel_mm) == (None, (0.2, 0.2))
    assert any("cannot be both their sides" in caution for caution in oblong.cautions)
