"""Films of records that were written earlier: found again by the hash of their file, read when they are asked for."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from calcinet.arrays import Pixels
from calcinet.errors import BadInput
from calcinet.io.reader import read_all
from calcinet.io.refusal import Refusal
from calcinet.io.study import Study
from calcinet.text import say


def find_films(given: Sequence[Any], wanted: Collection[str]) -> dict[str, Callable[[], Pixels]]:
    """Find files by their SHA-256 and give what reads the pixels of each, shape (Y, X); the others are passed over.

    Raises
    ------
    BadInput
        If none of the wanted is there; when it is read, if it cannot be.
    """
    study = read_all(given)
    found: dict[str, Callable[[], Pixels]] = {}
    for number in range(len(study)):
        for file in study.given_files(number):
            if file.sha256 in wanted:
                found.setdefault(file.sha256, partial(_read_plane, study, number))
    if not found:
        raise BadInput(
            say(
                "none of the {count} files given as films is an image of these records: give the very files that were "
                "examined",
                count=study.file_count,
            )
        )
    return found


def _read_plane(study: Study, number: int) -> Pixels:
    image = study[number]
    if isinstance(image, Refusal):
        raise BadInput(say("a film cannot be read again: {why}", why=image.reason))
    return image.plane
