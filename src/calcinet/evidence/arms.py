"""Hands and arms, as facts: dead tissue, wounds, and a dialysis access that may steal blood. None is not known."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.body_sites import LOWER_LIMB, UPPER_LIMB, Site
from calcinet.clinical.case import Case, Lesion
from calcinet.clinical.names import plain
from calcinet.clinical.ternary import Ternary, all_of, any_of
from calcinet.evidence.context import Fact, PatientContext, lesion
from calcinet.evidence.people import names_condition
from calcinet.text import as_written

HAND: Final[frozenset[Site]] = frozenset({"hand", "finger"})

NOT_TO_CUT: Final[frozenset[Site]] = HAND | {"penis"}
"""Where no wound team decides on debridement. Our choice: what is lost there is not got back."""

ACCESS: Final = (
    *("arteriovenous fistula", "arteriovenous graft", "arteriovenous shunt", "av fistula", "av graft", "av shunt"),
    *("avf", "avg", "dialysis fistula", "dialysis graft", "dialysis shunt", "dialysis access", "cimino"),
    *("radiocephalic fistula", "brachiocephalic fistula", "brachiobasilic fistula", "access steal", "steal syndrome"),
)
"""Beginnings of the words for a fistula or graft of the arm."""

SIDE_WORDS: Final[Mapping[str, str]] = MappingProxyType({"left": "L", "right": "R"})


def has_lost_tissue(item: Lesion) -> Ternary:
    """Whether a lesion is a wound or dead."""
    if item.kind in ("ulcer", "eschar", "gangrene"):
        return True
    return item.necrotic


def is_dead(item: Lesion) -> Ternary:
    """Whether a lesion is dead tissue."""
    if item.kind in ("eschar", "gangrene"):
        return True
    return item.necrotic


def _find(sites: frozenset[Site], state: Any) -> Fact:
    return lesion(lambda item: all_of([item.site in sites, state(item)]))


def arm_only(situation: PatientContext) -> bool:
    """Whether all lesions told are of arms and hands."""
    sites = {item.site for item in situation.case.lesions or ()}
    return bool(sites) and sites <= UPPER_LIMB


def access_on_that_side(situation: PatientContext) -> Ternary:
    """Whether a fistula or graft was told in an arm that has a lesion; one without a side may be in that arm."""
    case = situation.case
    named = [entry for entry in case.conditions or () if names_condition(Case(conditions=(entry,)), ACCESS)]
    if not named:
        return names_condition(case, ACCESS)
    return any_of(_is_beside(entry.name, case) for entry in named)


def _is_beside(name: str, case: Case) -> bool:
    """Whether an access lies in the arm of a lesion, as far as both sides were told."""
    told = {side for word, side in SIDE_WORDS.items() if word in plain(name).split()}
    sides = {item.side for item in case.lesions or () if item.site in UPPER_LIMB}
    return not told or bool(sides & {*told, "B", None})


def list_hand_sites(situation: PatientContext) -> list[str]:
    """Sites of dead tissue of the hand."""
    return _list_dead_sites(situation, HAND)


def list_spared_sites(situation: PatientContext) -> list[str]:
    """Sites of dead tissue where nothing is cut before the surgeon of that part has seen it."""
    return _list_dead_sites(situation, NOT_TO_CUT)


def _list_dead_sites(situation: PatientContext, among: frozenset[Site]) -> list[str]:
    sites = [item.site for item in situation.case.lesions or () if item.site in among and is_dead(item)]
    return [as_written(site) for site in dict.fromkeys(sites)]


ARMS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        "limb_wound": _find(LOWER_LIMB | UPPER_LIMB, has_lost_tissue),
        "leg_wound": _find(LOWER_LIMB, has_lost_tissue),
        "arm_wound": _find(UPPER_LIMB, has_lost_tissue),
        "hand_wound": _find(HAND, has_lost_tissue),
        "hand_dead": _find(HAND, is_dead),
        "arm_only": arm_only,
        "access_on_that_side": access_on_that_side,
        "necrotic_hand_or_penis": _find(NOT_TO_CUT, is_dead),
        "necrotic_elsewhere": lesion(lambda item: all_of([item.site not in NOT_TO_CUT, is_dead(item)])),
    }
)
"""By name, as rules.toml calls them."""
