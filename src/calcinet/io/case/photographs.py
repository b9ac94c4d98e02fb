"""Clinical photographs of a case, read with suspicion and made anew: small, upright, nothing but pixels."""

from io import BytesIO
from pathlib import Path
from typing import Final

import PIL.Image

from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import read_given
from calcinet.io.case.reader import Read, read
from calcinet.io.decoder import Undecodable, decode
from calcinet.limits import PHOTOGRAPH_BYTES, PHOTOGRAPH_PIXELS
from calcinet.text import say

LONGEST_SIDE_PX: Final = 1600
"""A photograph is scaled down to this. Our choice: a page's width at twice the resolution of a screen."""

QUALITY: Final = 85
"""JPEG. Our choice: no visible loss on skin."""


def read_photographs(case_file: Path | bytes) -> dict[str, bytes]:
    """Read every photograph that a case file names, as new JPEG bytes by the id that the record gives it.

    Raises
    ------
    BadInput
        If the case cannot be read, is the content of a file alone, or a photograph is missing, outside the folder of
        the case file, too large, damaged, or neither JPEG nor PNG. The message gives the line, never the name of the
        file, which may be a patient's.
    """
    found = read(case_file)
    photographs = {}
    for number, (place, index, photograph) in enumerate(found.case.photographs, start=1):
        try:
            photographs[f"photo-{number}"] = renew(_load_beside(case_file, photograph.file))
        except BadInput as error:
            raise BadInput(f"{_locate(found, f'lesions.{place}.photographs.{index}.file')}{error}") from None
    return photographs


def _load_beside(case_file: Path | bytes, name: str) -> bytes:
    """A photograph by its path from the folder of its case file; the content of one alone lies in no folder."""
    if isinstance(case_file, bytes):
        raise BadInput(
            say("a photograph is found beside its case file, and this case came without one: give the case as a file")
        )
    return _load(name, case_file.parent)


def renew(data: bytes) -> bytes:
    """Decode a photograph in a process of its own and encode its pixels anew: upright, scaled, RGB, no metadata.

    Raises
    ------
    BadInput
        If it is neither JPEG nor PNG, damaged, or has too many pixels.
    """
    try:
        pixels = decode("photograph", data, most=PHOTOGRAPH_PIXELS.value, side=LONGEST_SIDE_PX).samples
    except Undecodable as error:
        if error.why == "size":
            raise _refuse_pixels() from None
        message = say("the photograph cannot be read: expected a whole JPEG or PNG picture; save it again as JPEG")
        raise BadInput(message) from None
    stream = BytesIO()
    PIL.Image.fromarray(pixels).save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def _load(name: str, folder: Path) -> bytes:
    """Read a file in the folder of the case file, or below it."""
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        regular = path.is_file()
        size = path.stat().st_size if regular else 0
    except (OSError, ValueError):
        inside, regular, size = True, False, 0
    if not inside:
        raise BadInput(say("the photograph lies outside the folder of the case file: put it beside the case file"))
    if not regular:
        raise BadInput(say("there is no such photograph: give its path relative to the case file"))
    limit = PHOTOGRAPH_BYTES.value // 1_000_000
    if size > PHOTOGRAPH_BYTES.value:
        raise BadInput(say("the photograph has more than {limit} MB: save it smaller", limit=limit))
    try:
        return read_given(path, PHOTOGRAPH_BYTES)
    except Unreadable:
        raise BadInput(say("the photograph cannot be opened: check the rights of its file")) from None


def _refuse_pixels() -> BadInput:
    limit = PHOTOGRAPH_PIXELS.value // 1_000_000
    return BadInput(say("the photograph has more than {limit} million pixels: save it smaller", limit=limit))


def _locate(found: Read, field: str) -> str:
    """Say where the case names a photograph, for instance "line 9, lesions.0.photographs.1.file: "."""
    place = found.place_of(field)
    if place is None:
        return f"{field}: "
    return f"line {place[0]}, {field}: "
