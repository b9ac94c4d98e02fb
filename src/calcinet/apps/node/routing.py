"""Which results go where: rules by modality, body part and caller."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calcinet.delivery import Destination
from calcinet.report.write import RECORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What of a study decides where its results go; words as they are compared, in lower case."""

    caller: str = ""
    modalities: frozenset[str] = frozenset()
    body_parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A destination, and what goes there: where a list is empty, anything."""

    destination: Destination
    modalities: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()

    def takes(self, traits: Traits) -> bool:
        """Whether results of such a study go there."""
        return (
            _is_any(self.modalities, traits.modalities)
            and _is_any(self.body_parts, traits.body_parts)
            and (not self.callers or traits.caller in self.callers)
        )


def choose_destinations(rules: Sequence[Rule], traits: Traits) -> list[Destination]:
    """Every destination whose rule takes a study, each once."""
    return list(dict.fromkeys(rule.destination for rule in rules if rule.takes(traits)))


def read_traits(result: Path, caller: str) -> Traits:
    """What a result says of its study."""
    record = json.loads((result / RECORD).read_bytes())
    images = [image for image in record["images"] if image.get("refused") is None]
    return Traits(
        caller=caller,
        modalities=_collect(images, "modality"),
        body_parts=_collect(images, "anatomy"),
    )


def _collect(images: Iterable[dict[str, Any]], field: str) -> frozenset[str]:
    return frozenset(str(image[field]).lower() for image in images if image.get(field))


def _is_any(wanted: Sequence[str], found: frozenset[str]) -> bool:
    return not wanted or any(word.lower() in found for word in wanted)
