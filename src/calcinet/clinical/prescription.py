"""A drug as a ward writes it, taken apart: strength, form, route and frequency stand beside what is left, the name.

"Warfarin sodium 3 mg tab po od" is warfarin, 3 mg, tab, oral, od: 3 mg a day. Only what is certain is taken off. Words
such as "stopped", "no" or "allergic to" are left standing, so that the name is not recognised and somebody is asked.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from typing import Any, Final, Literal, get_args

from calcinet.clinical.names import plain

Route = Literal["oral", "subcutaneous", "intravenous", "intraperitoneal", "intramuscular", "topical"]

WORDS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    files("calcinet.clinical").joinpath("prescription_words.toml").read_text(encoding="utf-8")
)
"""Words of charts, as patterns in small letters."""

NUMBER: Final = r"(?:\d+(?:[.,]\d+)?|½)"

UNIT: Final = (
    r"(?:mg|mcg|ug|micrograms?|nanograms?|ng|gm?|grams?|ml|iu|i\.u\.|i\.e\.|ie|u|units?|mega ?units?|mmol|meq|%|"
    r"毫克|微克|克|單位|单位)"
)
"""Units of a strength; "%" is one of solutions and creams."""

STRENGTH: Final = re.compile(
    rf"(?<![a-z\d.])({NUMBER}(?:\s*[-/x×+]\s*{NUMBER})*)\s*-?({UNIT})(?![^\W\d_])"
    rf"(\s*/\s*(?:{NUMBER}\s*)?(?:ml|l|h|hr|hour|kg|dose|min)(?![^\W\d_])|\s*/\s*{NUMBER}\s*{UNIT}(?![^\W\d_]))?"
)
"""A number with a unit, perhaps a concentration: "3 mg", "3500u", "60 mg/0.6 ml", "500/125 mg"."""

SCHEME: Final = re.compile(rf"(?<![\w.])({NUMBER})-({NUMBER})-({NUMBER})(?:-({NUMBER}))?(?![\w.])")
"""Tablets in the morning, at noon, in the evening and at night, as written in Germany: 1-0-1."""

COUNT_WORDS: Final = {"half": 0.5, "one": 1.0, "two": 2.0, "three": 3.0, "1/2": 0.5, "½": 0.5}

PIECE: Final = r"tab(?:let)?s?|cap(?:sule)?s?|tbl|pills?|sachets?|puffs?|cps?|comprim[eé]s?|片|粒"

COUNT: Final = re.compile(rf"(?<![\w./])(half|one|two|three|1/2|½|\d)(?:\s+|(?<=[½\d])\s*)(?:{PIECE})(?![^\W\d_])\.?")
"""How many at a time: "2 tabs"."""

SALTS: Final = frozenset(WORDS["words"]["salts"])
ELEMENTS: Final = frozenset(WORDS["words"]["elements"])
MAKERS: Final = frozenset(WORDS["words"]["makers"])

CJK_FORM: Final = re.compile(r"(?:片|錠|锭|膠囊|胶囊|注射液?|カプセル|注)\d*$")


def _bound(*words: str) -> re.Pattern[str]:
    """A pattern of whole words."""
    return re.compile(rf"(?<![^\W\d_])(?<!\d[./])(?:{'|'.join(words)})(?![^\W_])")


ROUTES: Final[dict[Route, re.Pattern[str]]] = {route: _bound(*WORDS["route"][route]) for route in get_args(Route)}
ANY_ROUTE: Final = _bound(*chain.from_iterable(WORDS["route"].values()), *WORDS["words"]["other_routes"])
DAILY: Final = {int(times): _bound(*words) for times, words in WORDS["times_a_day"].items()}
SELDOM: Final = _bound(*WORDS["words"]["not_daily"])
FORM: Final = _bound(*WORDS["words"]["forms"])
REMARK: Final = _bound(*WORDS["words"]["remarks"])


def _list_synonyms() -> dict[str, str]:
    synonyms: dict[str, str] = {}
    for route, words in WORDS["route_field"].items():
        synonyms.update(dict.fromkeys(words, route))
    return synonyms


SYNONYMS: Final = _list_synonyms()
"""Other words for a route where it has a field of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """What stands beside the name of a drug; None where it is not written."""

    strength: str | None = None
    form: str | None = None
    route: Route | None = None
    frequency: str | None = None
    daily_dose: str | None = None
    """Only where strength and frequency make it certain."""


def read_route(words: str) -> Route | None:
    """The one route that some words name.

    >>> read_route("s.c."), read_route("IV via circuit"), read_route("iv or po"), read_route("nocte")
    ('subcutaneous', 'intravenous', None, None)
    """
    small = _fold(words)
    found = [route for route, pattern in ROUTES.items() if pattern.search(small)]
    if len(found) != 1:
        return None
    return found[0]


def read_prescription(written: str) -> Prescription:
    """Read what is written beside the name of a drug.

    >>> read_prescription("calcium acetate 667 mg 2 tabs TID").daily_dose
    '4002 mg'
    >>> read_prescription("Warfarin 3-5 mg od").daily_dose, read_prescription("EPO 4000 IU s.c. 3x/week").daily_dose
    (None, None)
    """
    small = _fold(written)
    seldom = SELDOM.search(small)
    often = _find_daily(SELDOM.sub(" ", small))
    frequency = seldom
    if frequency is None and often is not None:
        frequency = often[1]
    return Prescription(
        strength=_join_found(STRENGTH.finditer(small)),
        form=_join_found(FORM.finditer(small)),
        route=read_route(written),
        frequency=frequency and frequency.group().strip(),
        daily_dose=None if seldom else _compute_daily_dose(small),
    )


def spellings(written: str) -> Iterator[str]:
    """The name with ever more taken off, each in its plain form: the first that a table knows is meant.

    >>> list(spellings("Metoprolol tartrate 25 mg tab BID"))[-1]
    'metoprolol'
    """
    text = _fold(written)
    yield plain(text)
    text = SELDOM.sub(" ", SCHEME.sub(" ", COUNT.sub(" ", STRENGTH.sub(" ", text))))
    for pattern in DAILY.values():
        text = pattern.sub(" ", text)
    yield plain(text)
    for pattern in (ANY_ROUTE, REMARK, FORM):
        text = pattern.sub(" ", text)
        yield plain(text)
    yield from _strip_tail(plain(text))


def split_brackets(written: str) -> tuple[str, tuple[str, ...]]:
    """What stands outside and inside brackets.

    >>> split_brackets("warfarin (Coumadin) 3 mg")
    ('warfarin  3 mg', ('Coumadin',))
    """
    text = unicodedata.normalize("NFKC", written)
    inside = tuple(re.findall(r"[(\[]([^()\[\]]*)[)\]]", text))
    return re.sub(r"[(\[][^()\[\]]*[)\]]", " ", text).replace("   ", "  "), inside


def split_parts(written: str) -> list[str]:
    """The drugs of a combination, each in its plain form.

    >>> split_parts("amlodipine/valsartan 5/160 mg")
    ['amlodipine', 'valsartan']
    """
    text = STRENGTH.sub(" ", _fold(written))
    parts = []
    for part in re.split(r"[+/&]|\b(?:and|plus)\b", text):
        parts.append(list(spellings(part))[-1])
    return [part for part in parts if part]


def _strip_tail(name: str) -> Iterator[str]:
    """Take off makers, bare numbers, salts and forms in characters from the end."""
    name = CJK_FORM.sub("", name)
    yield name
    words = name.split()
    while len(words) > 1 and _is_tail(words):
        words.pop()
        yield " ".join(words)


def _is_tail(words: list[str]) -> bool:
    last = words[-1]
    if last in SALTS:
        return words[0] not in ELEMENTS
    return last in MAKERS or last.isdecimal()


def _fold(written: str) -> str:
    return unicodedata.normalize("NFKC", written).replace("µ", "u").replace("μ", "u").casefold()


def _join_found(found: Iterator[re.Match[str]]) -> str | None:
    return ", ".join(match.group().strip() for match in found) or None


def _find_daily(small: str) -> tuple[int, re.Match[str]] | None:
    """How often a day; None where nothing is written, or two things. "Three times a day" holds no "a day"."""
    found = []
    for times, pattern in DAILY.items():
        match = pattern.search(small)
        if match:
            found.append((times, match))
            small = pattern.sub(" ", small)
    if len(found) != 1:
        return None
    return found[0]


def _compute_daily_dose(small: str) -> str | None:
    """Strength times pieces times a day, where each of them is written once."""
    strengths = list(STRENGTH.finditer(small))
    if len(strengths) != 1 or strengths[0][3]:
        return None
    amount = _read_number(strengths[0][1])
    unit = strengths[0][2]
    times = _count_a_day(STRENGTH.sub(" ", small))
    if amount is None or times is None or unit in ("%", "ml"):
        return None
    return f"{amount * times:g} {WORDS['unit_name'].get(unit, unit)}"


def _count_a_day(small: str) -> float | None:
    """Pieces a day."""
    often = _find_daily(small)
    scheme = SCHEME.search(small)
    if scheme is not None and often is None:
        return sum(_read_number(part) or 0.0 for part in scheme.groups() if part)
    counts = COUNT.findall(small)
    bare = re.findall(r"(?<![\w.,/-])(\d)\s+(?=[a-z.]+\s*$)", small)
    if often is None or scheme is not None or len(counts) + len(bare) > 1:
        return None
    pieces = 1.0
    for count in (*counts, *bare):
        pieces = COUNT_WORDS.get(count) or float(count)
    return pieces * often[0]


def _read_number(text: str) -> float | None:
    """A number that can be read in one way only: "20.000" may be twenty or twenty thousand."""
    if text == "½":
        return 0.5
    if "," in text or re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text) or not re.fullmatch(r"\d+(?:\.\d+)?", text):
        return None
    return float(text)
