"""A record that tells no day and nobody's words: for those outside the unit.

Days are shifted by the same number of weeks for all that is of one patient, so that the time between them stays; hashes
of films become keyed ones; what a person typed is left out, and every sentence that repeats it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from calcinet.record import Record
from calcinet.store.exchange.visits import Visit
from calcinet.store.key import StoreKey
from calcinet.text import MONTHS, english

ISO_DAY: Final = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
WRITTEN_DAY: Final = re.compile(rf"(?<!\d)(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})(?!\d)")
"""As sentences in English have it (`text.english`)."""

LEFT_OUT: Final = "[left out]"

TYPED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "questions": (("as_given", ""),),
    "labs": (("as_given", ""), ("name", "analyte")),
    "drugs": (("name", "drug"),),
    "conditions": (("name", "condition"),),
    "treatments": (("reason", ""), ("name", "drug")),
    "biopsies": (("reason", ""),),
    "procedures": (("name", ""),),
    "photographs": (("caption", ""),),
}
"""Fields of `clinical` that hold what a person typed; the second names the field by which calcinet knows the word."""

SHORTEST_LEFT_OUT: Final = 3
"""Letters of what is looked for in sentences. Our choice: shorter words are in every sentence."""

OWN_HASHES: Final = ("sha256", "case_sha256")
"""Fields with hashes of what was given; those of weights are nobody's."""


def deidentify(visit: Visit, key: StoreKey) -> Visit:
    """The same record for those outside; its edits, whose reasons are typed, stay inside."""
    days = key.shift_days(visit.patient)
    tree, typed = _leave_out_typed(visit.tree)
    tree = _map_texts(tree, lambda text: shift_days(_leave_out(text, typed), days))
    tree["messages"] = {shift_days(sentence, days): said for sentence, said in tree["messages"].items()}
    tree["images"] = [_hide_image(image, key) for image in tree["images"]]
    options = tree["options"]
    hidden = {name: key.digest(str(options[name])) for name in OWN_HASHES if name in options}
    tree["options"] = {**options, **hidden}
    record = Record.from_json(json.dumps(tree))  # a message that does not give its sentence any more goes with it
    return replace(
        visit,
        patient=key.exported(visit.patient),
        on=None if visit.on is None else shift_days(visit.on, days),
        added_at=shift_days(visit.added_at[:10], days),
        added_by="",
        tree=json.loads(record.to_json()),
        edits=(),
    )


def shift_days(text: str, days: int) -> str:
    """Shift every day that a text names.

    >>> shift_days("from 2026-03-09 to 1 April 2026", -7)
    'from 2026-03-02 to 25 March 2026'
    """
    text = ISO_DAY.sub(lambda found: _shift(found[0], days, int(found[1]), int(found[2]), int(found[3])), text)
    return WRITTEN_DAY.sub(
        lambda found: _shift(found[0], days, int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]), english), text
    )


def _shift(text: str, days: int, year: int, month: int, day: int, write: Callable[[date], str] = date.isoformat) -> str:
    try:
        return write(date(year, month, day) + timedelta(days))
    except (ValueError, OverflowError):
        return text


def _leave_out_typed(tree: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The record without what was typed, and that, the longest first."""
    clinical = dict(tree["clinical"])
    typed: list[str] = []
    for name, fields in TYPED.items():
        items = []
        for item in clinical[name]:
            left = {field: item[field] for field, known in fields if item[field] and not (known and item[known])}
            typed += [word for word in left.values() if len(word) >= SHORTEST_LEFT_OUT]
            items.append({**item, **dict.fromkeys(left, LEFT_OUT)})
        clinical[name] = items
    outcome = clinical["outcome"]
    for word in (clinical["impression"], outcome and outcome["cause"]):
        typed += [word] if word and len(word) >= SHORTEST_LEFT_OUT else []
    clinical["impression"] = None
    if outcome:
        clinical["outcome"] = {**outcome, "cause": None}
    return {**tree, "clinical": clinical}, sorted(typed, key=len, reverse=True)


def _leave_out(text: str, typed: list[str]) -> str:
    """A sentence without what was typed; a single word is no sentence, but one of a list of ours."""
    if " " not in text:
        return text
    for word in typed:
        text = text.replace(word, LEFT_OUT)
    return text


def _map_texts(tree: Any, change: Callable[[str], str]) -> Any:
    """The same tree with every text changed."""
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, dict):
        return {name: _map_texts(value, change) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_map_texts(value, change) for value in tree]
    return tree


def _hide_image(image: Mapping[str, Any], key: StoreKey) -> dict[str, Any]:
    """An image whose hash leads to no file."""
    if not image["sha256"]:
        return dict(image)
    digest = key.digest(image["sha256"])
    suffix = image["source"].partition(".")[2]
    return {**image, "sha256": digest, "source": f"{digest[:12]}.{suffix}" if suffix else digest[:12]}
