"""What the site of a lesion means, and the lesion in words."""

from collections.abc import Iterable
from typing import Final, Literal

from calcinet.clinical.body_sites import ACRAL, DISTAL, JAPANESE, PROXIMAL, Site
from calcinet.clinical.results import LesionResult
from calcinet.clinical.skin_lesion import Lesion
from calcinet.text import Text, say
from calcinet.vocabulary import Side

SIDES: Final[dict[Side, str]] = {"L": say("left"), "R": say("right"), "B": say("both sides")}

ULCERS: Final = frozenset({"ulcer", "eschar", "gangrene"})
"""Kinds that count as ulcers. Our choice: an eschar or gangrene covers one, whichever word was chosen."""


def describe(lesion: Lesion) -> LesionResult:
    """Give a lesion its zone and its words."""
    return LesionResult(
        lesion.site,
        lesion.side,
        lesion.kind,
        in_words(lesion),
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
    what = [say(lesion.kind), *(word for word, present in traits.items() if present)]
    where: list[str] = [say(lesion.site)]
    if lesion.side is not None:
        where.append(SIDES[lesion.side])
    return say("{where}: {what}", where=where, what=what)


def ulcers(lesions: Iterable[Lesion]) -> list[tuple[int, Lesion]]:
    """The ulcers with their place in the list."""
    return [(number, lesion) for number, lesion in enumerate(lesions) if lesion.kind in ULCERS]


def _name_zone(site: Site) -> Literal["proximal", "distal", "unknown"]:
    if site in PROXIMAL:
        return "proximal"
    if site in DISTAL:
        return "distal"
    return "unknown"
