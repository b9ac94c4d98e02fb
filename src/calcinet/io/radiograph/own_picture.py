"""Pictures with marks that this program drew: taken for films, their outlines would be examined with them."""

from io import BytesIO

import PIL.Image

from calcinet.errors import Unreadable
from calcinet.io.radiograph.exif import silence_pillow
from calcinet.text import say
from calcinet.version import PROGRAM


def require_foreign(data: bytes) -> None:
    """Refuse a PNG file that names calcinet as its software; no pixel is decoded.

    Raises
    ------
    Unreadable
        If it does.
    """
    if _read_software(data) == PROGRAM:
        message = say(
            "found a picture with marks that calcinet drew; expected the film itself: give the one it was made from"
        )
        raise Unreadable(message, code="own-results")


def _read_software(data: bytes) -> str | None:
    try:
        with silence_pillow(), PIL.Image.open(BytesIO(data), formats=("PNG",)) as picture:
            return picture.info.get("Software")
    except Exception:  # what cannot be opened here is refused where it is decoded
        return None
