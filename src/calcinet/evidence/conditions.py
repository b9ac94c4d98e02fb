"""Conditions in words, as rules.toml and differential.toml write them, and the values that their sentences may name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.body_sites import ACRAL
from calcinet.clinical.case import Lesion
from calcinet.clinical.lesion_text import SIDES
from calcinet.clinical.ternary import Ternary
from calcinet.evidence.arms import list_hand_sites, list_spared_sites
from calcinet.evidence.blood_cells import BLOOD_VALUES
from calcinet.evidence.context import PatientContext
from calcinet.evidence.dangers import DANGER_VALUES
from calcinet.evidence.drug_facts import antagonist_days, undeclared
from calcinet.evidence.facts import (
    CT_SITES,
    FACTS,
    FILM_SITES,
    unplaced_films,
    unshown,
)
from calcinet.evidence.other_causes import further_causes, open_causes
from calcinet.evidence.people import explanations
from calcinet.evidence.readings import Reading
from calcinet.evidence.result_age import list_old_results
from calcinet.evidence.treatment_facts import TREATMENT_VALUES
from calcinet.text import Text, as_written, capital, counted, placeholders, say


@dataclass(frozen=True, slots=True)
class Condition:
    """Facts joined by "and", each as it is, with "not", or with "unknown": "lesions and not breast"."""

    text: str

    def __post_init__(self) -> None:
        unheard = [name for _, name in self._split_condition() if name not in FACTS]
        if unheard:
            raise ValueError(f"no fact is called {', '.join(unheard)}")

    def _split_condition(self) -> list[tuple[Ternary, str]]:
        """What each fact must be, and its name."""
        parts: list[tuple[Ternary, str]] = []
        for part in self.text.split(" and "):
            word, _, name = part.rpartition(" ")
            if word not in _WANTED:
                raise ValueError(f"a condition has facts, not and unknown, joined by and; got {self.text!r}")
            parts.append((_WANTED[word], name))
        return parts

    def holds(self, situation: PatientContext) -> bool:
        """Whether all of it is so; what is not known is neither so nor not so."""
        return all(FACTS[name](situation) is wanted for wanted, name in self._split_condition())


_WANTED: Final[Mapping[str, Ternary]] = {"": True, "not": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that is said when its condition holds."""

    when: Condition
    text: str

    def __post_init__(self) -> None:
        placed(self.text)

    @classmethod
    def of(cls, when: str, text: str) -> "Line":
        """From a pair of strings of a TOML file."""
        return cls(Condition(when), text)

    def said(self, situation: PatientContext) -> str:
        """The sentence with its values."""
        return said(self.text, situation)


def placed(text: str) -> None:
    """Refuse a sentence with a place for which there is no value."""
    unheard = placeholders(text) - VALUES.keys()
    if unheard:
        raise ValueError(f"no value is called {', '.join(sorted(unheard))}")


def said(text: str, situation: PatientContext) -> str:
    """A sentence with its values."""
    return say(text, **{name: VALUES[name](situation) for name in placeholders(text)})


def _list_acral_sites(situation: PatientContext) -> list[str]:
    sites: list[str] = []
    for lesion in situation.case.lesions or ():
        if lesion.site in ACRAL and lesion.site not in sites:
            sites.append(lesion.site)
    return sites


def _list_blind_images(situation: PatientContext) -> list[str]:
    return [_describe_blind(reading) for reading in situation.readings if reading.blind]


def _describe_blind(reading: Reading) -> Text:
    """An image by what it is of, never by its number."""
    site = say("body part not known")
    if reading.site not in (None, "unknown"):
        site = as_written(str(reading.site))
    where: list[str] = [as_written(reading.modality), site]
    where += [word for side, word in SIDES.items() if side == reading.side]
    if reading.resolvable_mm is None:
        return say("{where}", where=where)
    return say("{where} (nothing finer than {mm:.2f} mm)", where=where, mm=reading.resolvable_mm)


def _name_sites(lesions: Sequence[Lesion]) -> list[str]:
    """Sites of lesions, each once, and that it is both sides where it is."""
    sides: dict[str, set[str | None]] = {}
    for item in lesions:
        sides.setdefault(item.site, set()).add(item.side)
    named: list[str] = []
    for site, told in sides.items():
        both = "B" in told or told >= {"L", "R"}
        named.append(say("{site} (both sides)", site=as_written(site)) if both else as_written(site))
    return named


def _count_unplaced_films(situation: PatientContext) -> Text:
    return counted(
        len(unplaced_films(situation)),
        "{count} film whose body part is not known",
        "{count} films whose body part is not known",
    )


VALUES: Final[Mapping[str, Callable[[PatientContext], Any]]] = MappingProxyType(
    {
        **DANGER_VALUES,
        **BLOOD_VALUES,
        "old_results": list_old_results,
        **TREATMENT_VALUES,
        "acral_sites": _list_acral_sites,
        "antagonist_days": antagonist_days,
        "blind_images": _list_blind_images,
        "ct_sites": lambda s: _name_sites(unshown(s, CT_SITES, "CT")),
        "film_sites": lambda s: _name_sites(unshown(s, FILM_SITES, "film")),
        "hand_sites": list_hand_sites,
        "spared_sites": list_spared_sites,
        "unseen_sites": lambda s: _name_sites((*unshown(s, FILM_SITES, "film"), *unshown(s, CT_SITES, "CT"))),
        "unplaced_films": _count_unplaced_films,
        "further_causes": further_causes,
        "explanations": lambda s: capital(say("{names:, }", names=[as_written(name) for name in explanations(s.case)])),
        "open_causes": open_causes,
        "undeclared": lambda s: list(undeclared(s)),
    }
)
"""What a sentence of a rule or of a mimic may name, by its place."""
