"""What a camera writes beside the pixels of a picture (Exif 2.32, CIPA DC-008)."""

from enum import Enum, auto
from typing import Final

from PIL.ExifTags import IFD, Base

from calcinet.io.radiograph.exif import read_exif, silence_pillow

LENS_TAGS: Final = frozenset(
    {
        Base.FNumber,
        Base.ISOSpeedRatings,
        Base.ApertureValue,
        Base.BrightnessValue,
        Base.SubjectDistance,
        Base.FocalLength,
        Base.FocalLengthIn35mmFilm,
        Base.LensSpecification,
        Base.LensMake,
        Base.LensModel,
    }
)
"""What nothing but a camera with a lens has; an exposure time a radiograph has, too."""

DEVICE_TAGS: Final = frozenset({Base.Make, Base.Model})
"""What scanners write as well."""


class Taken(Enum):
    """What the data beside the pixels say of where they come from."""

    UNKNOWN = auto()
    DEVICE = auto()
    """A maker or a model is named."""
    CAMERA = auto()
    """A lens, or a place on Earth, is named."""


def find_camera(data: bytes) -> Taken:
    """Look for a camera in the data beside the pixels; what cannot be read says nothing.

    Parameters
    ----------
    data
        The file: JPEG, PNG or TIFF, whose size has been checked.
    """
    try:
        with silence_pillow():
            return _judge_tags(data)
    except Exception:  # damaged data beside whole pixels fail in many ways, and are no reason to refuse these
        return Taken.UNKNOWN


def _judge_tags(data: bytes) -> Taken:
    tags = read_exif(data)
    lens = tags.get_ifd(IFD.Exif)
    if LENS_TAGS & (lens.keys() | tags.keys()) or tags.get_ifd(IFD.GPSInfo):
        return Taken.CAMERA
    if any(str(tags[tag]).strip("\0 ") for tag in DEVICE_TAGS & tags.keys()):
        return Taken.DEVICE
    return Taken.UNKNOWN
