"""The diseases that the criteria want excluded: which are, by whom, and which are still open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.clinical.case import Case, Mimic
from calcinet.clinical.conditions import has
from calcinet.clinical.exposure import taken_near_onset
from calcinet.clinical.history import BESIDE
from calcinet.clinical.results import Assessment, Item
from calcinet.clinical.ternary import Ternary, all_of, any_of
from calcinet.text import as_written, say

JAPANESE_MIMICS: Final[tuple[Mimic, ...]] = (
    "diabetic gangrene",
    "heparin-induced necrosis",
    "warfarin necrosis",
    "systemic sclerosis",
    "nephrogenic systemic fibrosis",
    "cholesterol emboli",
    "cellulitis",
    "cryoglobulinaemia",
    "hydroxyurea ulcer",
    "antiphospholipid syndrome",
    "low-temperature burn",
    "necrotising fasciitis",
    "varicose ulcer",
    "vasculitis",
    "arterial disease",
)
"""The Japanese list as far as it was read [keio_criteria], and vasculitis and arterial disease beside it
[nigwekar2015]."""

CHINESE_MIMICS: Final[tuple[Mimic, ...]] = (
    *JAPANESE_MIMICS,
    "neuropathic ulcer",
    "traumatic ulcer",
    "diabetic ulcer",
    "thromboangiitis obliterans",
    "pyoderma gangrenosum",
)
"""The list of the Chinese scheme adds five [china_scheme]; that of the other scheme is asked with it."""

OF_DRUGS: Final[Mapping[Mimic, str]] = {
    "warfarin necrosis": "vitamin_k_antagonist",
    "heparin-induced necrosis": "heparin",
    "hydroxyurea ulcer": "hydroxyurea",
}
"""Mimics that need a drug: a complete list without it excludes them."""

OF_TESTS: Final[Mapping[Mimic, tuple[str, ...]]] = {
    "cryoglobulinaemia": ("cryoglobulins",),
    "antiphospholipid syndrome": ("lupus_anticoagulant", "anticardiolipin", "beta2_glycoprotein"),
}
"""Mimics that need a positive test: all of them negative excludes it."""

OF_CONDITIONS: Final[Mapping[Mimic, str]] = {
    "diabetic gangrene": "diabetes mellitus",
    "diabetic ulcer": "diabetes mellitus",
    "systemic sclerosis": "systemic sclerosis",
    "antiphospholipid syndrome": "antiphospholipid syndrome",
    "cryoglobulinaemia": "cryoglobulinaemia",
    "varicose ulcer": "venous insufficiency",
}
"""Mimics that need a disease: stated as absent, it excludes them."""


OF_SITES: Final[Mapping[str, tuple[Mimic, ...]]] = {
    "penis": ("penile carcinoma", "penile infection"),
    "breast": ("breast carcinoma",),
}
"""Mimics that are asked for with a lesion of a site, by any scheme that asks for all other diseases. [ulster2010]"""


@dataclass(frozen=True, slots=True)
class Mimics:
    """Where the exclusion stands."""

    excluded: Ternary
    """True where all are; False where one was found."""
    found: tuple[Mimic, ...]
    open: tuple[Mimic, ...]


def mimics_of(case: Case, known: Assessment, asked: tuple[Mimic, ...] = CHINESE_MIMICS) -> Mimics:
    """Sort the mimics that a scheme asks for by what the case says, the treating clinician first.

    A disease that was found counts, whether or not the scheme asks for it.
    """
    found = _list_found(case)
    if found:
        return Mimics(False, found, tuple(name for name in asked if _is_excluded(name, case, known) is None))
    if case.all_mimics_excluded:
        return Mimics(True, (), ())
    states: list[Ternary] = []
    still_open: list[Mimic] = []
    for name in asked:
        excluded = _is_excluded(name, case, known)
        states.append(excluded)
        if excluded is None:
            still_open.append(name)
    return Mimics(all_of(states), (), tuple(still_open))


def list_asked(case: Case, known: Assessment, likely: Sequence[str] = ()) -> tuple[Mimic, ...]:
    """The list of the Chinese scheme, and what the site of a lesion or a drug adds; the likeliest first."""
    asked: list[Mimic] = [*CHINESE_MIMICS]
    for lesion in case.lesions or ():
        asked += OF_SITES.get(lesion.site, ())
    if known.ever("nicorandil"):
        asked.append("nicorandil ulcer")
    places = {name: place for place, name in enumerate(likely)}
    return tuple(sorted(dict.fromkeys(asked), key=lambda name: places.get(name, len(places))))


def exclusion_item(mimics: Mimics) -> Item:
    """The exclusion of mimics as one item of a scheme."""
    wanted = say("Other diseases with such lesions are excluded.")
    if mimics.found:
        because = say("Found: {names}.", names=[as_written(name) for name in mimics.found])
        return Item(False, wanted, because, None, "exclusions")
    if mimics.excluded:
        return Item(True, wanted, say("None is open."), None, "exclusions")
    question = say("Which of these have been excluded: {names}?", names=[as_written(name) for name in mimics.open])
    return Item(None, wanted, "", question, "exclusions")


def _list_found(case: Case) -> tuple[Mimic, ...]:
    """What the treating clinician names as the explanation of the lesion."""
    found: list[Mimic] = []
    for entry in case.exclusions:
        if entry.state == "found" and entry.name not in BESIDE and entry.name not in found:
            found.append(entry.name)
    return tuple(found)


def _is_excluded(name: Mimic, case: Case, known: Assessment) -> Ternary:
    """Whether a mimic is excluded; one that was treated is open: the lesion may go on without it."""
    stated = {entry.state for entry in case.exclusions if entry.name == name}
    if stated:
        return {"excluded"} == stated or None
    return any_of([_lacks_its_cause(name, case, known), None])


def _lacks_its_cause(name: Mimic, case: Case, known: Assessment) -> bool:
    """Whether what the mimic needs is known not to be there: a drug, a test, a disease, a sign."""
    if name in OF_DRUGS and _was_never_taken(OF_DRUGS[name], case, known):
        return True
    if name in OF_TESTS and all(_is_negative(known, test) for test in OF_TESTS[name]):
        return True
    if name in OF_CONDITIONS and has(case, OF_CONDITIONS[name]) is False:
        return True
    return name in OF_BEDSIDE and OF_BEDSIDE[name](case, known)


def _is_negative(known: Assessment, test: str) -> bool:
    result = known.lab(test)
    return result is not None and result.word in ("negative", "normal")


def _was_never_taken(drug_class: str, case: Case, known: Assessment) -> bool:
    """Whether none of a class was taken near the onset; haemodialysis brings heparin with it."""
    if drug_class == "heparin" and case.kidney.on_haemodialysis is not False:
        return False
    return taken_near_onset(case, known, drug_class) is False


def _had_no_procedure(case: Case, _: Assessment) -> bool:
    """Only an empty list says that there was none: no gadolinium, no burn."""
    return case.procedures == ()


def _has_sound_veins(case: Case, _: Assessment) -> bool:
    return case.examination.venous_disease is False


def _had_no_injury(case: Case, _: Assessment) -> bool:
    return case.examination.trauma is False


def _has_no_infection(case: Case, known: Assessment) -> bool:
    """Looked for at the bedside and not found, and nothing says otherwise."""
    bedside = case.examination
    grown = [known.lab(test) for test in ("blood_culture", "wound_culture")]
    if bedside.septic_shock or any(result is not None and result.word == "positive" for result in grown):
        return False
    return bedside.infection_suspected is False


OF_BEDSIDE: Final[Mapping[Mimic, Callable[[Case, Assessment], bool]]] = {
    "nephrogenic systemic fibrosis": _had_no_procedure,
    "low-temperature burn": _had_no_procedure,
    "varicose ulcer": _has_sound_veins,
    "traumatic ulcer": _had_no_injury,
    "cellulitis": _has_no_infection,
    "necrotising fasciitis": _has_no_infection,
}
"""Mimics that the bedside or the history excludes."""
