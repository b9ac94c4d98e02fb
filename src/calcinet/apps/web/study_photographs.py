"""Photographs of lesions that are sent with a case: made anew when they arrive, kept in the folder of their study.

The case names each by a name that says nothing, photographs/photo-1a2b3c4d.jpg: that of the file which somebody chose
may be a patient's, and is not sent.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from calcinet import limits
from calcinet.apps.web.problems import Problem
from calcinet.clinical.case import Case
from calcinet.text import say

FOLDER: Final = "photographs"

FILE: Final = r"photo-[0-9a-f]{8}\.jpg"

NAME: Final = re.compile(f"{FOLDER}/{FILE}")
"""What a photograph is called in the case and in the folder of its study."""


def list_names(case: Case | None) -> list[str]:
    """Names of the photographs of a case.

    Raises
    ------
    Problem
        If one is called otherwise, or two alike.
    """
    if case is None:
        return []
    names = [photograph.file for _, _, photograph in case.photographs]
    if not all(NAME.fullmatch(name) for name in names):
        raise Problem(
            422,
            say(
                "a photograph has another name than photographs/photo-, eight of 0-9 and a-f, and .jpg, which may name "
                "the patient: choose it again at its lesion, or take it away"
            ),
            code="photograph",
        )
    if len(set(names)) < len(names):
        raise Problem(422, say("two photographs of the case have one name: choose one again"), code="photograph")
    return names


def require_all(names: list[str], there: set[str]) -> None:
    """Refuse a case whose photographs are not those that are there.

    Raises
    ------
    Problem
        If one is missing, or one is there that the case does not name.
    """
    if not set(names) <= there:
        raise Problem(
            422,
            say(
                "the case names a photograph that was not sent with it: choose it again at its lesion, or take it away"
            ),
            code="photograph",
        )
    if not there <= set(names):
        raise Problem(422, say("a photograph was sent that the case does not name"), code="photograph")


def renew_all(sent: Mapping[str, bytes]) -> dict[str, bytes]:
    """Decode photographs and encode their pixels anew: small, upright, nothing but pixels.

    Raises
    ------
    Problem, BadInput
        If one has too many bytes or pixels, or cannot be read.
    """
    from calcinet.io.case.photographs import renew

    most = limits.PHOTOGRAPH_BYTES.value
    if any(len(content) > most for content in sent.values()):
        raise Problem(
            413,
            say("the photograph has more than {limit} MB: save it smaller", limit=most // 1_000_000),
            code="photograph",
        )
    return {name: renew(content) for name, content in sent.items()}


def keep_photographs(folder: Path, made: Mapping[str, bytes]) -> None:
    """Write photographs below the folder of a study."""
    for name, content in made.items():
        place = folder / name
        place.parent.mkdir(mode=0o700, exist_ok=True)
        place.write_bytes(content)


def list_kept(folder: Path) -> set[str]:
    """Names of the photographs of a study."""
    return {path.relative_to(folder).as_posix() for path in folder.glob(f"{FOLDER}/*")}


def forget_others(folder: Path, names: list[str]) -> None:
    """Remove photographs that a case does not name any more."""
    for name in list_kept(folder) - set(names):
        (folder / name).unlink(missing_ok=True)
