"""The blood flow of a limb with a wound, as facts: pulses and the ankle-brachial index."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.ternary import Ternary, above, all_of, any_of, below, is_among
from calcinet.evidence.arms import ARMS
from calcinet.evidence.context import Fact, PatientContext
from calcinet.text import say

SEVERE_INDEX: Final = 0.4
"""Below this ankle-brachial index a limb with a wound is in danger. Our choice: the usual limit of severe ischaemia."""

STIFF_INDEX: Final = 1.4
"""Above it the ankle-brachial index is not valid: the arteries are too stiff to be pressed shut. [abi2020]"""


def _has_pulses(*states: str) -> Fact:
    return lambda situation: is_among(situation.case.examination.peripheral_pulses, states)


def _read_valid_index(situation: PatientContext) -> float | None:
    """The ankle-brachial index; none where the arteries are too stiff for it."""
    index = situation.case.examination.ankle_brachial_index
    if index is None or index > STIFF_INDEX:
        return None
    return index


def index_invalid(situation: PatientContext) -> Ternary:
    """Whether the ankle-brachial index was measured over arteries that are too stiff for it."""
    return above(situation.case.examination.ankle_brachial_index, STIFF_INDEX)


def index_below(limit: float) -> Fact:
    """Whether a valid ankle-brachial index lies below a limit."""
    return lambda situation: below(_read_valid_index(situation), limit)


def limb_threatened(situation: PatientContext) -> Ternary:
    """Whether a limb with a wound or dead tissue has no pulse, or a leg hardly any pressure."""
    without_pulse = all_of([ARMS["limb_wound"](situation), _has_pulses("absent")(situation)])
    without_pressure = all_of([ARMS["leg_wound"](situation), index_below(SEVERE_INDEX)(situation)])
    return any_of([without_pulse, without_pressure])


def list_limb_signs(situation: PatientContext) -> list[str]:
    """Pulses and pressure index in words."""
    signs: list[str] = []
    if _has_pulses("absent")(situation):
        signs.append(say("pulses absent"))
    if _has_pulses("reduced")(situation):
        signs.append(say("pulses weak"))
    index = situation.case.examination.ankle_brachial_index
    if index is not None:
        signs.append(say("ankle-brachial index {index:.2f}", index=index))
    return signs


LIMBS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        "limb_threatened": limb_threatened,
        "index_invalid": index_invalid,
    }
)
"""By name, as rules.toml calls them."""

LIMB_VALUES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "limb_signs": list_limb_signs,
    }
)
"""What their sentences may name."""
