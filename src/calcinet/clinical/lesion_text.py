"""What the site of a lesion means, and the lesion in words."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from calcinet.clinical.body_sites import ACRAL, DISTAL, JAPANESE, PROXIMAL, Site
from calcinet.clinical.results import LesionResult
from calcinet.clinical.skin_lesion import Lesion
from calcinet.text import Text, as_written, say
from calcinet.vocabulary import Side

SIDES: Final[dict[Side, str]] = {"L": say("left"), "R": say("right"), "B": say("both sides")}

ASPECTS: Final[dict[str, str]] = {
    "inner": say("inner side"),
    "outer": say("outer side"),
    "front": say("front"),
    "back": say("back of it"),
    "tip": say("tip"),
}
"""The faces of a site, in words."""

DIGITS_IN_WORDS: Final[dict[tuple[str, str], str]] = {
    ("finger", "thumb"): say("thumb"),
    ("finger", "index"): say("index finger"),
    ("finger", "middle"): say("middle finger"),
    ("finger", "ring"): say("ring finger"),
    ("finger", "little"): say("little finger"),
    ("toe", "big"): say("big toe"),
    ("toe", "second"): say("second toe"),
    ("toe", "third"): say("third toe"),
    ("toe", "fourth"): say("fourth toe"),
    ("toe", "little"): say("little toe"),
}
"""Fingers and toes, in words."""

TRAITS: Final[dict[str, tuple[str, str]]] = {
    "painful": (say("painful"), say("not painful")),
    "tender": (say("tender"), say("not tender")),
    "necrotic": (say("necrotic"), say("not necrotic")),
    "refractory": (say("refractory"), ""),
    "purpura_around": (say("purpura around it"), say("no purpura around it")),
    "injection_site": (say("at an injection site"), ""),
}
"""What a lesion has, and what it was seen not to have; by field."""

ULCERS: Final = frozenset({"ulcer", "eschar", "gangrene"})
"""Kinds that count as ulcers. Our choice: an eschar or gangrene covers one, whichever word was chosen."""


def describe(lesion: Lesion) -> LesionResult:
    """Give a lesion its zone and its words."""
    return LesionResult(
        lesion.site,
        lesion.side,
        lesion.kind,
        in_full(lesion),
        _name_zone(lesion.site),
        acral=lesion.site in ACRAL,
        counts_japanese=lesion.site in JAPANESE,
    )


def in_words(lesion: Lesion) -> Text:
    """Say a lesion, for instance "leg, both sides: painful, necrotic ulcer"."""
    traits = {
        say("painful"): lesion.painful,
        say("necrotic"): lesion.necrotic,
        say("refractory"): lesion.refractory,
        say("purpura around it"): lesion.purpura_around,
        say("at an injection site"): lesion.injection_site,
    }
    what = [as_written(lesion.kind), *(word for word, present in traits.items() if present)]
    return say("{where}: {what}", where=list(_say_place(lesion)), what=what)


def in_full(lesion: Lesion) -> Text:
    """Say everything that is stated of a lesion: place, kind, number, size, colour, traits, and how it began."""
    what = [*_say_kind(lesion), *_say_traits(lesion), *_say_course(lesion)]
    return say("{where}: {what}", where=list(_say_place(lesion)), what=what)


def _say_place(lesion: Lesion) -> Iterator[str]:
    """Say site, digit, face and side."""
    if lesion.digit is None:
        yield as_written(lesion.site)
    else:
        yield DIGITS_IN_WORDS[lesion.site, lesion.digit]
    if lesion.aspect is not None:
        yield ASPECTS[lesion.aspect]
    if lesion.side is not None:
        yield SIDES[lesion.side]


def _say_kind(lesion: Lesion) -> Iterator[str]:
    """Say the kind, then number, size and colour."""
    yield as_written(lesion.kind)
    if lesion.count is not None:
        yield _say_number(lesion)
    elif lesion.several:
        yield say("multiple")
    if lesion.size_cm is not None:
        yield _say_size(lesion.size_cm)
    elif lesion.size_mm is not None:
        yield say("{length:g} cm across", length=lesion.size_mm / 10)
    elif lesion.large:
        yield say("large")
    if lesion.colour is not None:
        yield as_written(lesion.colour)


def _say_number(lesion: Lesion) -> Text:
    """Say how many there are, on each side where both have them."""
    if lesion.side == "B":
        return say("{count} on each side", count=lesion.count)
    if lesion.count == 1:
        return say("single")
    return say("{count} of them", count=lesion.count)


def _say_size(size: tuple[float, ...]) -> Text:
    if len(size) == 1:
        return say("{length:g} cm across", length=size[0])
    return say("{length:g} × {width:g} cm", length=size[0], width=size[1])


def _say_traits(lesion: Lesion) -> Iterator[str]:
    """Say what was found of it, and what was looked for and not found."""
    for field, (yes, no) in TRAITS.items():
        answer = getattr(lesion, field)
        if answer is True:
            yield yes
        elif answer is False and no:
            yield no


def _say_course(lesion: Lesion) -> Iterator[str]:
    """Say what it was at first, how soon it changed, and since when it is there."""
    if lesion.began_as is not None and lesion.changed_within is not None:
        yield say(
            "began as {kind}, changed within {time}",
            kind=as_written(lesion.began_as),
            time=as_written(lesion.changed_within),
        )
    elif lesion.began_as is not None:
        yield say("began as {kind}", kind=as_written(lesion.began_as))
    elif lesion.changed_within is not None:
        yield say("changed within {time}", time=as_written(lesion.changed_within))
    if lesion.since is not None:
        yield say("first seen on {day}", day=lesion.since)


def ulcers(lesions: Iterable[Lesion]) -> list[tuple[int, Lesion]]:
    """The ulcers with their place in the list."""
    return [(number, lesion) for number, lesion in enumerate(lesions) if lesion.kind in ULCERS]


def _name_zone(site: Site) -> Literal["proximal", "distal", "unknown"]:
    if site in PROXIMAL:
        return "proximal"
    if site in DISTAL:
        return "distal"
    return "unknown"
