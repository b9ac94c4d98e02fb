"""A patient in a few words, for tests: the ulcers of the legs of somebody on dialysis, and what is changed in them."""

from typing import Any

from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext

LEGS = {"site": "lower leg", "side": "B", "kind": "ulcer", "painful": True, "necrotic": True}
FINGER = {"site": "finger", "side": "R", "kind": "gangrene"}
FILM = {"modality": "film", "site": "lower leg", "side": "B", "net_like": True, "vessels": ["medium", "small"]}
SOUND_FILM = {**FILM, "net_like": False, "vessels": [], "quality": "good"}


def case(**parts: Any) -> Case:
    """Ulcers of both legs on peritoneal dialysis, changed by `parts`."""
    told = {"kidney": {"stage": "5D", "dialysis": [{"kind": "peritoneal"}]}, "lesions": [LEGS], "drugs": [], **parts}
    return Case.model_validate(told)


def situation(**parts: Any) -> PatientContext:
    """The same, assessed."""
    return PatientContext.of(case(**parts))
