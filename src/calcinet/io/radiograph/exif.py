"""EXIF data of a picture file, found without decoding a pixel."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

import PIL.Image

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
"""PNG 5.2."""

PICTURES: Final = ("PNG", "JPEG", "TIFF")
"""The only kinds that are opened, whatever the bytes look like."""


@contextmanager
def silence_pillow() -> Iterator[None]:
    """Keep from the terminal what the library of pictures says of damaged data: they are refused where they matter."""
    log = logging.getLogger("PIL")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


def read_exif(data: bytes) -> PIL.Image.Exif:
    """Tags of a JPEG, PNG or TIFF file; no pixel is decoded, as Pillow would for those of a PNG file.

    Raises
    ------
    Exception
        Of many kinds, where the data are damaged.
    """
    if data.startswith(PNG_SIGNATURE):
        tags = PIL.Image.Exif()
        tags.load(_find_png_exif(data))
        return tags
    with PIL.Image.open(BytesIO(data), formats=PICTURES) as picture:
        return picture.getexif()


def _find_png_exif(data: bytes) -> bytes:
    """Content of the chunk eXIf (PNG 11.3.4.5); empty where there is none. A chunk is length, name, content, check."""
    start = len(PNG_SIGNATURE)
    while start + 8 <= len(data):
        length = int.from_bytes(data[start : start + 4], "big")
        if data[start + 4 : start + 8] == b"eXIf":
            return data[start + 8 : start + 8 + length]
        start += length + 12
    return b""
