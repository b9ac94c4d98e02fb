"""Conditions of a FHIR bundle: kidneys, skin lesions, other diseases."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, get_args

from calcinet.clinical.body_sites import SITE_WORDS, SITES
from calcinet.clinical.conditions import by_icd10, condition
from calcinet.clinical.names import plain
from calcinet.clinical.skin_lesion import KIND_WORDS, Kind
from calcinet.io.case.fhir.dates import read_moment, read_span
from calcinet.io.case.fhir.types import Resource, concepts, icd10_of, said, status_of, without_nothing, words_of

STAGES: Final = {"N18.1": "1", "N18.2": "2", "N18.3": "3", "N18.4": "4", "N18.5": "5", "N18.6": "5", "Z99.2": "5D"}
"""Stages of chronic kidney disease by the beginnings of ICD-10 codes."""

OVER: Final = frozenset({"resolved", "inactive", "remission"})
"""Clinical status of what is no longer there."""

PRESENT: Final = frozenset({"active", "recurrence", "relapse"})
"""Clinical status of what is there, though an end was planned or noted."""

RECORDED: Final = ("recordedDate", "recorded", "dateRecorded")
"""Elements of the releases that say when a condition was written down."""

STAGE_WORDS: Final = {
    "end stage renal disease": "5",
    "end stage kidney disease": "5",
    "end stage renal failure": "5",
    **{f"chronic kidney disease stage {stage}": stage for stage in "12345"},
}
"""The same in words, without strokes and commas."""

LESION_KINDS: Final = dict(zip(get_args(Kind), get_args(Kind), strict=True)) | KIND_WORDS
"""Kinds of skin lesion by the words that name them."""

BODY_SITES: Final = dict(zip(SITES, SITES, strict=True)) | SITE_WORDS
"""Sites of the chart by the words that name them."""


def stage_of(concept: Any) -> str | None:
    """Stage of chronic kidney disease that a condition names."""
    for code in icd10_of(concept):
        for beginning, stage in STAGES.items():
            if code.startswith(beginning):
                return stage
    for words in words_of(concept):
        if plain(words) in STAGE_WORDS:
            return STAGE_WORDS[plain(words)]
    return None


def condition_of(resource: Resource) -> dict[str, Any] | None:
    """Another disease as the case file writes it."""
    name = _name_disease(resource.get("code"))
    if name is None:
        return None
    present = "yes"
    if is_refuted(resource):
        present = "no"
    return without_nothing({"name": name, "present": present, "since": onset_of(resource)})


def is_refuted(resource: Resource) -> bool:
    """Whether it was looked for and is not so."""
    return status_of(resource, "verificationStatus") == "refuted"


def is_over(resource: Resource) -> bool:
    """Whether it is no longer there: by its status, or where none is told by an end that is."""
    status = status_of(resource, "clinicalStatus")
    if status in PRESENT:
        return False
    ended = [value for key, value in resource.items() if key.startswith("abatement")]
    return status in OVER or any(value not in (None, False) for value in ended)


def onset_of(resource: Resource) -> str | None:
    """First day; None where only a month, a year or an age is known.

    Raises
    ------
    BrokenDate
        If that is no day.
    """
    for name in RECORDED:
        read_moment(resource.get(name))  # what was written down on a day that does not exist is not trusted
    start = read_span(resource, "onset").start
    if start is None:
        return None
    return start.day


def _name_disease(concept: Any) -> str | None:
    """The table's name by code, else by the words; a disease that is not in the table keeps its words."""
    for code in icd10_of(concept):
        name = by_icd10(code)
        if name:
            return name
    for words in words_of(concept):
        name = condition(words)
        if name:
            return name
    return next(iter(words_of(concept)), None)


def lesion_of(resource: Resource) -> dict[str, Any] | None:
    """A skin lesion: a condition whose words name a kind of lesion and whose body site is on the chart."""
    if is_refuted(resource) or is_over(resource):
        return None
    words = said(resource.get("code"))
    where = read_body_sites(resource) or words
    kind, site = find_word(words, LESION_KINDS), find_word(where, BODY_SITES)
    if kind is None or site is None:
        return None
    lesion = {
        "kind": kind,
        "site": site,
        "side": _read_side(where),
        "since": onset_of(resource),
        "painful": _read_yes("painful", words),
        "necrotic": _read_yes("necrotic", words),
    }
    return without_nothing(lesion)


def _read_yes(word: str, text: str) -> str | None:
    """Yes where a text has the word; a text without it leaves the question open."""
    if word in text:
        return "yes"
    return None


def read_body_sites(resource: Resource) -> str:
    """The words of all body sites in small letters."""
    return " ".join(said(site) for site in concepts(resource.get("bodySite")))


def find_word(text: str, words: Mapping[str, str]) -> str | None:
    """What the longest of the words that stand in a text means."""
    found = []
    for word in words:
        is_chinese = not word.isascii() and word in text  # it is written without gaps
        if is_chinese or _build_pattern(word).search(text):
            found.append(word)
    if not found:
        return None
    return words[max(found, key=len)]


@cache
def _build_pattern(word: str) -> re.Pattern[str]:
    """A whole word, or several of it."""
    return re.compile(rf"\b{re.escape(word.casefold())}s?\b")


def _read_side(text: str) -> str | None:
    left = re.search(r"\bleft\b", text) is not None
    right = re.search(r"\bright\b", text) is not None
    both = re.search(r"\b(both|bilateral)\b", text) is not None
    if both or (left and right):
        return "both"
    if left:
        return "left"
    if right:
        return "right"
    return None
