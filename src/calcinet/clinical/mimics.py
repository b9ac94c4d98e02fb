"""The diseases that the criteria want excluded: which are, by whom, and which are still open."""

from dataclasses import dataclass
from typing import Final, get_args

from calcinet.clinical.case import Case, Mimic
from calcinet.clinical.exposure import taken_near_onset
from calcinet.clinical.results import Assessment, Item
from calcinet.clinical.ternary import Ternary, all_of
from calcinet.text import say

MIMICS: Final[tuple[Mimic, ...]] = get_args(Mimic)
"""The Japanese list as far as it was read [keio_criteria], and vasculitis and arterial disease beside it
[nigwekar2015]."""

OF_DRUGS: Final[dict[Mimic, str]] = {
    "warfarin necrosis": "vitamin_k_antagonist",
    "heparin-induced necrosis": "heparin",
    "hydroxyurea ulcer": "hydroxyurea",
}
"""Mimics that need a drug: a complete list without it excludes them."""

OF_TESTS: Final[dict[Mimic, tuple[str, ...]]] = {
    "cryoglobulinaemia": ("cryoglobulins",),
    "antiphospholipid syndrome": ("lupus_anticoagulant", "anticardiolipin", "beta2_glycoprotein"),
}
"""Mimics that need a positive test: all of them negative excludes it."""


@dataclass(frozen=True, slots=True)
class Mimics:
    """Where the exclusion stands."""

    excluded: Ternary
    """True where all are; False where one was found."""
    found: tuple[Mimic, ...]
    open: tuple[Mimic, ...]


def mimics_of(case: Case, known: Assessment) -> Mimics:
    """Sort the mimics by what the case says, the treating clinician first."""
    if case.all_mimics_excluded:
        return Mimics(True, (), ())
    states: list[Ternary] = []
    found: list[Mimic] = []
    still_open: list[Mimic] = []
    for name in MIMICS:
        excluded = _is_excluded(name, case, known)
        states.append(excluded)
        if excluded is False:
            found.append(name)
        if excluded is None:
            still_open.append(name)
    return Mimics(all_of(states), tuple(found), tuple(still_open))


def exclusion_item(mimics: Mimics) -> Item:
    """The exclusion of mimics as one item of a scheme."""
    wanted = say("Other diseases with such lesions are excluded.")
    if mimics.found:
        because = say("Found: {names}.", names=[say(name) for name in mimics.found])
        return Item(False, wanted, because, None, "exclusions")
    if mimics.excluded:
        return Item(True, wanted, say("None is open."), None, "exclusions")
    question = say("Which of these have been excluded: {names}?", names=[say(name) for name in mimics.open])
    return Item(None, wanted, "", question, "exclusions")


def _is_excluded(name: Mimic, case: Case, known: Assessment) -> Ternary:
    stated = [entry.excluded for entry in case.exclusions if entry.name == name]
    if stated:
        return all(stated)
    if name in OF_DRUGS and _was_never_taken(OF_DRUGS[name], case, known):
        return True
    if name in OF_TESTS and all(_is_negative(known, test) for test in OF_TESTS[name]):
        return True
    if name == "nephrogenic systemic fibrosis" and _had_no_gadolinium(case):
        return True
    return None


def _is_negative(known: Assessment, test: str) -> bool:
    result = known.lab(test)
    return result is not None and result.word in ("negative", "normal")


def _was_never_taken(drug_class: str, case: Case, known: Assessment) -> bool:
    """Whether none of a class was taken near the onset; haemodialysis brings heparin with it."""
    if drug_class == "heparin" and case.kidney.on_haemodialysis is not False:
        return False
    return taken_near_onset(case, known, drug_class) is False


def _had_no_gadolinium(case: Case) -> bool:
    """Only an empty list says that there was none."""
    return case.procedures == ()
