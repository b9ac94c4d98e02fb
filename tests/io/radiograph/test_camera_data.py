"""Data that cameras, scanners and radiographs leave beside the pixels."""

from io import BytesIO

import pytest
from PIL import Image as Picture
from PIL.ExifTags import IFD, Base

from calcinet.io.radiograph.camera_data import Taken, find_camera

LENS = {Base.FocalLength: 4.25, Base.FNumber: 1.8, Base.ExposureTime: 0.02}


def encode(grey, kind="JPEG", *, tags=None, lens=None, place=None):
    """A picture with the given data beside its pixels."""
    exif = Picture.Exif()
    exif.update({Base.Orientation: 1} | (tags or {}))
    if lens:
        exif.get_ifd(IFD.Exif).update(lens)
    if place:
        exif.get_ifd(IFD.GPSInfo).update(place)
    exif.load(exif.tobytes())
    file = BytesIO()
    Picture.fromarray(grey).save(file, kind, exif=exif)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("data", [{"lens": LENS}, {"lens": {Base.LensModel: "back camera"}}, {"place": {1: "N"}}])
def test_lens_or_place_is_a_camera(grey, kind, data):
    """In each format that can carry it."""
    assert find_camera(encode(grey, kind, **data)) is Taken.CAMERA


def test_maker_alone_may_be_a_scanner(grey):
    """Scanners name themselves in the same element."""
    assert find_camera(encode(grey, "TIFF", tags={Base.Make: "Maker"})) is Taken.DEVICE


@pytest.mark.parametrize(
    "data",
    [{}, {"tags": {Base.Orientation: 6, Base.Software: "Viewer"}}, {"lens": {Base.ExposureTime: 0.02}}],
)
def test_turn_software_and_exposure_are_no_camera(grey, data):
    """A radiograph has an exposure time, too."""
    assert find_camera(encode(grey, **data)) is Taken.UNKNOWN


def test_damaged_data_say_nothing(grey):
    """The pixels behind them may be whole."""
    whole = encode(grey, lens=LENS)
    start = whole.index(b"Exif\0\0")

    assert find_camera(whole[: start + 10] + b"\xff" * 30 + whole[start + 40 :]) is Taken.UNKNOWN
    assert find_camera(b"") is Taken.UNKNOWN
