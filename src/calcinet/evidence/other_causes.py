"""Causes of calciphylaxis without dialysis: which are known of this patient, and which are still to be asked about."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from calcinet.evidence.context import Fact, PatientContext, condition
from calcinet.evidence.drug_facts import taken
from calcinet.text import say

CAUSES: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        say("primary hyperparathyroidism"): condition("primary hyperparathyroidism"),
        say("malignancy"): condition("malignancy"),
        say("alcoholic liver disease"): condition("alcoholic liver disease"),
        say("connective tissue disease"): condition(
            "systemic lupus erythematosus", "systemic sclerosis", "dermatomyositis", "rheumatoid arthritis"
        ),
        say("corticosteroids"): taken("corticosteroid"),
    }
)
"""What goes with calciphylaxis while the kidneys work. [nigwekar2008]"""


def known_causes(situation: PatientContext) -> list[str]:
    """Those that are stated."""
    return [cause for cause, fact in CAUSES.items() if fact(situation)]


def further_causes(situation: PatientContext) -> list[str]:
    """Those that are stated, but for primary hyperparathyroidism, which has a step of its own."""
    return [cause for cause in known_causes(situation) if cause != "primary hyperparathyroidism"]


def open_causes(situation: PatientContext) -> list[str]:
    """Those of which nothing was said."""
    return [cause for cause, fact in CAUSES.items() if fact(situation) is None]
