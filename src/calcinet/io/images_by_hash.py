"""Images of records that were written earlier: found again by the hash of their files, read when they are asked for."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from calcinet.errors import BadInput
from calcinet.image import Image
from calcinet.io.reader import read_all
from calcinet.io.refusal import Refusal
from calcinet.io.study import Study
from calcinet.text import say


def find_images(given: Sequence[Any], wanted: Mapping[str, str]) -> dict[str, Callable[[], Image]]:
    """Find images by their SHA-256 and give what reads each; the others are passed over.

    Parameters
    ----------
    given
        Files, folders or contents.
    wanted
        By its SHA-256 the modality that the record of an image has: a volume that does not say its own is read as that.

    Raises
    ------
    BadInput
        If none of the wanted is there; when it is read, if it cannot be.
    """
    study = read_all(given)
    found: dict[str, Callable[[], Image]] = {}
    for number in range(len(study)):
        sha256 = _find_hash(study, number)
        if sha256 in wanted:
            found.setdefault(sha256, partial(_read_image, given, study, number, wanted[sha256]))
    if not found:
        raise BadInput(
            say(
                "none of the {count} files given as films is an image of these records: give the very files that were "
                "examined",
                count=study.file_count,
            )
        )
    return found


def _find_hash(study: Study, number: int) -> str:
    """Hash of an image as its record has it: of one file, or of a series of them together, which is read for it."""
    files = study.given_files(number)
    if len(files) == 1:
        return files[0].sha256
    image = study[number]
    return "" if isinstance(image, Refusal) else image.sha256


def _read_image(given: Sequence[Any], study: Study, number: int, modality: str) -> Image:
    """An image; one that does not say what it is as its record says it."""
    image = study[number]
    if isinstance(image, Refusal) and image.code == "no-modality" and modality:
        image = read_all(given, modality=modality)[number]
    if isinstance(image, Refusal):
        raise BadInput(say("a film cannot be read again: {why}", why=image.reason))
    return image
