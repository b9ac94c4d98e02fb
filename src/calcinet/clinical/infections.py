"""Infections that a case names among the diseases, as far as they are of now."""

from datetime import timedelta
from typing import Final

from calcinet.clinical.case import Case, Condition
from calcinet.clinical.conditions import condition as disease
from calcinet.clinical.names import plain

PAST: Final = frozenset({"history", "previous", "past", "former", "prior"})
"""Words that make a disease one of the past."""

RECENT: Final = timedelta(days=30)
"""An infection that began longer ago is one of the past. Our choice."""

INFECTIONS: Final = (
    *("cellulitis", "erysipelas", "osteomyelitis", "peritonitis", "abscess", "endocarditis", "septic arthritis"),
    *("infected", "wound infection", "skin infection", "soft tissue infection", "catheter infection"),
    *("line infection", "bloodstream infection", "sepsis", "urosepsis", "septic shock", "septicaemia", "septicemia"),
    *("bacteraemia", "bacteremia", "necrotising fasciitis", "necrotizing fasciitis", "fournier", "gas gangrene"),
)
"""Beginnings of the names of infections that a lesion of the skin may come from or lead to."""


def list_infections(case: Case) -> tuple[str, ...]:
    """Infections among the diseases, as they were written; without those of long ago."""
    return tuple(entry.name for entry in case.conditions or () if entry.present and _is_infection_of_now(case, entry))


def _is_infection_of_now(case: Case, entry: Condition) -> bool:
    words = plain(entry.name)
    if PAST & set(words.split()):
        return False
    if entry.since is not None and case.examined_on is not None and entry.since < case.examined_on - RECENT:
        return False
    text = f" {words} {plain(disease(entry.name) or '')}"
    return any(f" {beginning}" in text for beginning in INFECTIONS)
