"""How a film was made, in short facts."""

from collections.abc import Mapping
from typing import Final

from calcinet.record import ImageRecord
from calcinet.report.language import Language
from calcinet.text import say

FIELDS: Final[Mapping[str, str]] = {
    "anatomy": say("body part"),
    "laterality": say("side"),
    "view": say("view"),
}
"""What a film is named by, by its field of the record."""


def film_facts(image: ImageRecord, _: Language) -> list[str]:
    """Write whose word body part and side are, the day, and the size of a film in pixels."""
    facts = []
    if image.from_case:
        named = [FIELDS[field] for field in image.from_case]
        facts.append(_("{fields:, } as the case file says", fields=named))
    if image.on is not None:
        facts.append(_("taken on {day}", day=image.on))
    if image.shape is not None:
        rows, columns = image.shape
        facts.append(_("{rows} × {columns} pixels", rows=rows, columns=columns))
    return facts
