"""Gather every message of calcinet into the catalogues of its languages: `python -m tools.catalogue`.

New messages come without a translation, which the tests refuse; those that are gone are left out.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from calcinet.clinical.history import Drug, Imaging, Mimic, Procedure, Treatment
from calcinet.clinical.person import Dialysis
from calcinet.clinical.skin_lesion import Biopsy, Lesion
from calcinet.io.dicom.body_site import PLAIN
from calcinet.record import FindingRecord, Suspicion
from calcinet.report.labels import LANGUAGES
from calcinet.report.language import LOCALES

SOURCE: Final = Path(__file__).resolve().parents[1] / "src" / "calcinet"
LOCALE: Final = SOURCE / "report" / "locale"

SAID: Final[dict[str, tuple[int, ...]]] = {
    "say": (0,),
    "_": (0,),
    "quantity": (1,),
    "pair_words": (1,),
    "Factor": (0,),
    "_judge_lesion": (0,),
}
"""Function -> which of its arguments are messages."""

COUNTED: Final = "counted"
"""Function whose second and third arguments are one message: for one and for several."""

SENTENCES_IN_TABLES: Final = frozenset(
    {
        "name",
        "label",
        "note",
        "context",
        "population",
        "why_none",
        "text",
        "ask",
        "ask_if",
        "for",
        "against",
        "matters",
        "rule",
        "says",
        "caution",
    }
)
"""Keys of the package's TOML files whose values are shown to people."""

SEPARATORS: Final = (", ", "; ", " and ", " or ", "{side} {part}")
"""What stands between the items of a list, or between two words."""

OFTEN_GIVEN: Final = (
    *("IgA nephropathy", "diabetic nephropathy", "hypertensive nephrosclerosis", "glomerulonephritis"),
    *("polycystic kidney disease", "lupus nephritis", "focal segmental glomerulosclerosis", "unknown"),
)
"""Words of case files that no list of ours holds."""

Message = str | tuple[str, ...]


def messages() -> dict[Message, set[str]]:
    """Every message with the files that say it."""
    found: dict[Message, set[str]] = {}
    for place, message in (*_in_code(), *_in_templates(), *_in_tables()):
        found.setdefault(message, set()).add(place)
    for message in (*_of_fixed_lists(), *OFTEN_GIVEN, *SEPARATORS):
        found.setdefault(message, set()).add("words")
    return found


def _of_fixed_lists() -> Iterator[str]:
    """Words that a field may hold: body parts, kinds of lesion, levels, diseases."""
    yield from PLAIN.values()
    yield from get_args(Mimic)
    for part in (Lesion, Biopsy, Treatment, Procedure, Drug, Dialysis, Imaging, FindingRecord, Suspicion):
        yield from (word for field in part.model_fields.values() for word in _words_of(field.annotation))
    yield from tomllib.loads((SOURCE / "clinical" / "conditions.toml").read_text("utf-8"))


def _words_of(annotation: Any) -> Iterator[str]:
    """Words of every Literal within a type."""
    if get_origin(annotation) is Literal:
        yield from (word for word in get_args(annotation) if isinstance(word, str) and len(word) > 1)
    else:
        for part in get_args(annotation):
            yield from _words_of(part)


def _in_code() -> Iterator[tuple[str, Message]]:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from ((_place(path), message) for message in _of_call(node))


def _of_call(call: ast.Call) -> Iterator[Message]:
    """Messages that are written out in a call; one that stands elsewhere is found there."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    strings = [part.value if isinstance(part, ast.Constant) else None for part in call.args]
    if name == COUNTED and len(strings) >= 3 and isinstance(strings[1], str) and isinstance(strings[2], str):
        yield strings[1], strings[2]
    for place in SAID.get(name, ()):
        said = strings[place] if place < len(strings) else None
        if isinstance(said, str) and re.sub(r"\{[^}]*\}", "", said).strip():
            yield said


def _in_templates() -> Iterator[tuple[str, Message]]:
    for path in sorted(SOURCE.rglob("*.j2")):
        with path.open("rb") as stream:
            for _, function, message, _ in babel_extract(stream, ["_", "counted"], [], {}):
                parts = (message,) if isinstance(message, str) else tuple(message or ())
                strings = tuple(part for part in parts if part)
                if strings:
                    yield _place(path), strings[0] if function == "_" else strings


def _in_tables() -> Iterator[tuple[str, Message]]:
    for path in sorted(SOURCE.rglob("*.toml")):
        if path.parent.name != "training":
            yield from ((_place(path), text) for text in _sentences(tomllib.loads(path.read_text("utf-8"))))


def _sentences(table: Any, key: str = "") -> Iterator[str]:
    """Strings of a table under a key that is shown to people."""
    if isinstance(table, dict):
        for name, value in table.items():
            yield from _sentences(value, name)
    elif isinstance(table, list):
        for value in table:
            said = value[1] if isinstance(value, list) else value  # a condition, what it says, and its weight
            yield from _sentences(said, key)
    elif isinstance(table, str) and key in SENTENCES_IN_TABLES:
        yield table


def _place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def updated(tag: str) -> Catalog:
    """Make the catalogue of a language anew: its translations that still fit, in the order of the code."""
    path = LOCALE / f"{tag.replace('-', '_')}.po"
    with path.open("rb") as stream:
        known = read_po(stream, locale=LOCALES[tag])
    made = Catalog(locale=LOCALES[tag])
    for message, places in sorted(messages().items(), key=lambda item: (sorted(item[1]), str(item[0]))):
        entry = known.get(message if isinstance(message, str) else message[0])
        string = entry.string if entry is not None else ""
        made.add(message, string or "", locations=[(place, 0) for place in sorted(places)])
    return made


HEADER: Final = "# Messages of calcinet; the English text is the key. Made by `make catalogue`, translated by hand.\n\n"


def main() -> None:
    """Write every catalogue anew, and say how many messages lack a translation."""
    for tag in LANGUAGES:
        if tag == "en":
            continue
        catalogue = updated(tag)
        with (LOCALE / f"{tag.replace('-', '_')}.po").open("wb") as stream:
            stream.write(HEADER.encode())
            write_po(stream, catalogue, width=0, omit_header=True)
        untranslated = [entry.id for entry in catalogue if entry.id and not any(entry.string or ())]
        print(f"{tag}: {len(catalogue)} messages, {len(untranslated)} without a translation", file=sys.stderr)


if __name__ == "__main__":
    main()
