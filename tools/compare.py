"""Compare two folders byte by byte and name the first place where two files part."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pydicom

SHOWN: Final = 60
"""Characters of a value or a line that are printed. Our choice: two of them fit on a screen."""

ABSENT: Final = object()


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder by its path within it, in the order of the alphabet."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Paths that only one of two folders holds, or with other bytes."""
    return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


def difference(path: str, before: Path, after: Path) -> str:
    """Say where a file of two folders parts: path within JSON, element of DICOM, line of text, else byte."""
    old, new = before / path, after / path
    if not (old.is_file() and new.is_file()):
        return "only before" if old.is_file() else "only now"
    return difference_of_bytes(old.read_bytes(), new.read_bytes())


def difference_of_bytes(before: bytes, after: bytes) -> str:
    """The same of the contents of two files."""
    for find in (_find_in_json, _find_in_dicom, _find_in_text):
        found = _try(find, before, after)
        if found:
            return found
    return _find_byte(before, after)


def first_json_difference(before: Any, after: Any, place: str = "") -> str | None:
    """Path and values of the first difference of two parsed JSON documents; None where they are equal.

    >>> first_json_difference({"images": [{"kind": 1}]}, {"images": [{"kind": 2}]})
    'images[0].kind: 1, now 2'
    """
    return next(_find_differences(before, after, place), None)


def _find_differences(before: Any, after: Any, place: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare_objects(before, after, place)
    elif isinstance(before, list) and isinstance(after, list):
        for number, (old, new) in enumerate(zip_longest(before, after, fillvalue=ABSENT)):
            yield from _find_differences(old, new, f"{place}[{number}]")
    elif type(before) is not type(after) or before != after:
        yield f"{place or 'the whole'}: {_shorten(before)}, now {_shorten(after)}"


def _compare_objects(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[str]:
    for key in dict.fromkeys((*before, *after)):
        yield from _find_differences(before.get(key, ABSENT), after.get(key, ABSENT), f"{place}.{key}".lstrip("."))
    if list(before) != list(after):
        yield f"{place or 'the whole'}: order of keys"


def _shorten(value: Any) -> str:
    shown = "absent" if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}..."


def _try(find: Callable[[bytes, bytes], str | None], before: bytes, after: bytes) -> str | None:
    """What a kind of file knows of the difference; None where these are none of that kind."""
    try:
        return find(before, after)
    except Exception:  # whatever a damaged file raises: then it is no file of this kind
        return None


def _find_in_json(before: bytes, after: bytes) -> str | None:
    return first_json_difference(json.loads(before), json.loads(after))


def _find_in_dicom(before: bytes, after: bytes) -> str | None:
    return first_json_difference(_read_dicom(before), _read_dicom(after))


def _read_dicom(content: bytes) -> Any:
    """A DICOM object as JSON, file header first."""
    dataset = pydicom.dcmread(BytesIO(content))
    return {"file": dataset.file_meta.to_json_dict(), "dataset": dataset.to_json_dict()}


def _find_in_text(before: bytes, after: bytes) -> str | None:
    lines = zip_longest(before.decode().splitlines(), after.decode().splitlines(), fillvalue="")
    for number, (old, new) in enumerate(lines, start=1):
        if old != new:
            at = _count_alike(old.encode(), new.encode())
            start = max(0, at - SHOWN // 2)
            return f"line {number}: {_cut_out(old, start)}, now {_cut_out(new, start)}"
    return None


def _cut_out(line: str, start: int) -> str:
    return repr(line[start : start + SHOWN])


def _find_byte(before: bytes, after: bytes) -> str:
    return f"byte {_count_alike(before, after)}: {len(before)} bytes, now {len(after)}"


def _count_alike(before: bytes, after: bytes) -> int:
    """Number of bytes that two strings begin with alike."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))
