"""Skin lesions, their photographs and their pathology."""

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from pydantic import Field

from calcinet.clinical.block import CaseBlock, Day
from calcinet.clinical.body_sites import SIDE_WORDS, SITE_WORDS, Site
from calcinet.vocabulary import Side

Kind = Literal[
    "induration", "plaque", "nodule", "reticular erythema", "livedo", "purpura", "retiform purpura",
    "ulcer", "eschar", "gangrene",
]  # fmt: skip

KIND_WORDS: Final[dict[str, str]] = {
    "ulceration": "ulcer",
    "livedo reticularis": "livedo",
    "livedo racemosa": "livedo",
    "black eschar": "eschar",
    "dry gangrene": "gangrene",
    "retiform": "retiform purpura",
}
"""Other words for the kinds."""


class Photograph(CaseBlock):
    """A clinical photograph."""

    file: str
    """Path of the picture, relative to the case file."""
    caption: str | None = None
    """What it shows; no name."""
    on: Day | None = None
    """Day on which it was taken."""


class Lesion(CaseBlock):
    """Lesions of one kind at one site."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "site": SITE_WORDS,
        "side": SIDE_WORDS,
        "kind": KIND_WORDS,
        "began_as": KIND_WORDS,
    }

    site: Site
    """Where, by the body chart."""
    side: Side | None = None
    """L, R or B (both sides)."""
    aspect: Literal["inner", "outer", "front", "back", "tip"] | None = None
    """Which face of the site."""
    kind: Kind
    """What it is now."""
    began_as: Kind | None = None
    """What it was before."""
    count: int | None = Field(default=None, ge=1, le=200)
    """How many on each side."""
    size_mm: float | None = Field(default=None, gt=0, le=2000)
    """Longest diameter of the largest in mm."""
    necrotic: bool | None = None
    """Dead or black tissue."""
    painful: bool | None = None
    """Pain at the lesion."""
    purpura_around: bool | None = None
    """Painful purpura in the skin around it."""
    refractory: bool | None = None
    """Does not heal under usual treatment."""
    injection_site: bool | None = None
    """Lies where drugs are injected."""
    since: Day | None = None
    """First seen."""
    seen_on: Day | None = None
    """Day of this description."""
    photographs: tuple[Photograph, ...] = ()
    """Clinical photographs."""

    @property
    def sides(self) -> int:
        """How many sides have it: two where both."""
        return 2 if self.side == "B" else 1


class Biopsy(CaseBlock):
    """Pathology of skin or amputated tissue."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"site": SITE_WORDS}

    status: Literal["done", "declined", "planned", "not advised"]
    """Whether it was done."""
    result: Literal["positive", "negative", "indeterminate"] | None = None
    """Whether the pathologist reads calciphylaxis."""
    necrosis_or_ulcer: bool | None = None
    """Necrosis or ulcer in the tissue."""
    vessels_calcified: bool | None = None
    """Calcified media or internal elastic lamina of small or medium arteries in dermis or fat."""
    intima_narrowed: bool | None = None
    """Concentric narrowing by oedematous thickening of the intima."""
    fine_calcium: bool | None = None
    """Fine, stippled calcium (von Kossa)."""
    vessels_thrombosed: bool | None = None
    """Thrombosis of small vessels of the fat."""
    site: Site | None = None
    """Where it was taken."""
    kind: Literal["deep incisional", "punch", "telescoping punch", "amputation"] | None = None
    """How it was taken."""
    on: Day | None = None
    """Day."""
