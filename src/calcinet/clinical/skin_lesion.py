"""Skin lesions, their photographs and their pathology."""

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from calcinet.clinical.block import CaseBlock, Day
from calcinet.clinical.body_sites import SIDE_WORDS, SITE_WORDS, Site
from calcinet.clinical.outlined_area import OutlinedArea, crosses_itself, measure_outline, measure_polygon
from calcinet.clinical.wound_score import WoundScore
from calcinet.vocabulary import Side

Kind = Literal[
    "rash", "papule", "induration", "plaque", "haemorrhagic plaque", "nodule", "cellulitis-like erythema",
    "reticular erythema", "livedo", "purpura", "retiform purpura", "ulcer", "eschar", "gangrene",
]  # fmt: skip

KIND_WORDS: Final[dict[str, str]] = {
    "diffuse rash": "rash",
    "exanthem": "rash",
    "papules": "papule",
    "subcutaneous induration": "induration",
    "indurated plaque": "plaque",
    "plaques": "plaque",
    "nodules": "nodule",
    "subcutaneous nodule": "nodule",
    "hemorrhagic plaque": "haemorrhagic plaque",
    "cellulitis-like": "cellulitis-like erythema",
    "cellulitis like erythema": "cellulitis-like erythema",
    "purple patches": "purpura",
    "purple patch": "purpura",
    "purple": "purpura",
    "ulceration": "ulcer",
    "ulcers": "ulcer",
    "livedo reticularis": "livedo",
    "livedo racemosa": "livedo",
    "black eschar": "eschar",
    "skin necrosis": "eschar",
    "necrosis": "eschar",
    "dry gangrene": "gangrene",
    "wet gangrene": "gangrene",
    "retiform": "retiform purpura",
}
"""Other words for the kinds."""

ASPECT_WORDS: Final[dict[str, str]] = {
    "medial": "inner",
    "inside": "inner",
    "lateral": "outer",
    "outside": "outer",
    "anterior": "front",
    "ventral": "front",
    "posterior": "back",
    "dorsal": "back",
    "distal end": "tip",
}
"""Other words for the faces of a site."""

Digit = Literal["thumb", "index", "middle", "ring", "little", "big", "second", "third", "fourth"]

DIGIT_WORDS: Final[dict[str, str]] = {
    "index finger": "index",
    "forefinger": "index",
    "middle finger": "middle",
    "ring finger": "ring",
    "little finger": "little",
    "big toe": "big",
    "great toe": "big",
    "hallux": "big",
    "great": "big",
    "first": "big",
    "second toe": "second",
    "third toe": "third",
    "fourth toe": "fourth",
    "fifth": "little",
    "fifth toe": "little",
    "little toe": "little",
}
"""Other words for fingers and toes. A number alone is not taken: clinics count fingers with and without the thumb."""

DIGITS: Final[dict[str, frozenset[str]]] = {
    "finger": frozenset({"thumb", "index", "middle", "ring", "little"}),
    "toe": frozenset({"big", "second", "third", "fourth", "little"}),
}
"""The digits that each site has."""

Colour = Literal["black", "purple", "red", "blue", "brown", "yellow", "white", "grey", "skin-coloured"]

COLOUR_WORDS: Final[dict[str, str]] = {
    "violaceous": "purple",
    "violet": "purple",
    "dusky": "purple",
    "erythematous": "red",
    "livid": "blue",
    "cyanotic": "blue",
    "pale": "white",
    "gray": "grey",
    "flesh-coloured": "skin-coloured",
}
"""Other words for the colours."""

SITE_DETAILS: Final[dict[str, tuple[str, str]]] = {
    "thumb": ("digit", "thumb"),
    "hallux": ("digit", "big"),
    "great toe": ("digit", "big"),
    "big toe": ("digit", "big"),
    "fingertip": ("aspect", "tip"),
    "shin": ("aspect", "front"),
}
"""Words for a site that say more than the site: the field that takes it, and the word."""

SEVERAL_WORDS: Final = frozenset({"multiple", "several", "many", "numerous"})
"""What stands for a number where nobody counted."""

CENTIMETRES: Final = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:cm)?(?:\s*[x×*]\s*(\d+(?:[.,]\d+)?)\s*(?:cm)?)?", re.IGNORECASE
)
"""A length, or length and width, in cm."""


def _read_size(value: Any) -> Any:
    """Read "12 x 8", "12 x 8 cm" or a number alone as length and width in cm."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    found = CENTIMETRES.fullmatch(str(value).strip())
    if found is None:
        raise ValueError('a size reads as length and width in cm, for instance "12 x 8"')
    return [float(number.replace(",", ".")) for number in found.groups() if number]


def _split_side(told: dict[str, Any]) -> dict[str, Any]:
    """Take "left breast" apart where no side was given."""
    first, _, rest = str(told.get("site")).strip().partition(" ")
    if first.casefold() not in SIDE_WORDS or not rest or told.get("side") is not None:
        return told
    return told | {"site": rest.strip(), "side": first}


Centimetres = Annotated[float, Field(gt=0, le=200)]

Size = Annotated[tuple[Centimetres, ...], Field(max_length=2), BeforeValidator(_read_size)]
"""Length, and width where it was measured, in cm."""


BIOPSY_WORDS: Final[dict[str, dict[str, str]]] = {
    "status": {"refused": "declined", "performed": "done", "taken": "done"},
    "result": {
        "inconclusive": "indeterminate",
        "equivocal": "indeterminate",
        "non-diagnostic": "indeterminate",
        "nondiagnostic": "indeterminate",
        "not diagnostic": "indeterminate",
        "insufficient": "indeterminate",
    },
    "kind": {
        "deep incision": "deep incisional",
        "incision": "incisional",
        "incisional biopsy": "incisional",
        "excisional": "excision",
        "excision biopsy": "excision",
        "excisional biopsy": "excision",
        "punch biopsy": "punch",
        "shave biopsy": "shave",
    },
}
"""Other words for how a biopsy was taken and how it ended, by field. Our choice: an incision of which nobody said that
it was deep is not called deep."""


Share = Annotated[float, Field(ge=0, le=1)]

Place = tuple[Share, Share]
"""Right and down in the upright picture, as shares of its longer side."""

SHORTEST_RULER: Final = 0.05
"""Distance of two points of a ruler, as a share of the picture's longer side. Our choice: on a shorter one the area is
wrong by a quarter where each point is."""

SMALLEST_OUTLINE: Final = 1e-5
"""Area of an outline, as a share of the square of the longer side. Our choice: three pixels to a side on a thousand."""


class Ruler(CaseBlock):
    """Two points of a ruler that lies in the photograph, beside the lesion."""

    start: Place
    """First point: right and down, as shares of the longer side of the upright picture."""
    end: Place
    """Second point."""
    cm: float = Field(gt=0, le=100)
    """What the ruler says lies between them, in cm."""

    @model_validator(mode="after")
    def _check_ruler_is_long_enough(self) -> Self:
        if math.dist(self.start, self.end) < SHORTEST_RULER:
            raise ValueError("the two points of the ruler lie too close: set them further apart")
        return self


class Photograph(CaseBlock):
    """A clinical photograph."""

    file: str
    """Path of the picture, relative to the case file."""
    caption: str | None = None
    """What it shows; no name."""
    on: Day | None = None
    """Day on which it was taken."""
    ruler: Ruler | None = None
    """Where a ruler lies in it, so that areas have a scale."""
    outline: Annotated[tuple[Place, ...], Field(min_length=3, max_length=200)] | None = None
    """Outline of the lesion, corner by corner: right and down, as shares of the longer side of the upright picture."""

    @model_validator(mode="after")
    def _check_outline_is_one(self) -> Self:
        if self.outline is not None and crosses_itself(self.outline):
            raise ValueError("the outline crosses itself: draw it once round the lesion")
        if self.outline is not None and measure_polygon(self.outline) < SMALLEST_OUTLINE:
            raise ValueError("the outline has no area: draw it round the lesion")
        return self

    @property
    def area(self) -> OutlinedArea | None:
        """Area of the lesion; None without an outline and a ruler."""
        if self.ruler is None or self.outline is None:
            return None
        return measure_outline(self.outline, (self.ruler.start, self.ruler.end), self.ruler.cm)


class Lesion(CaseBlock):
    """Lesions of one kind at one site."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "site": SITE_WORDS,
        "side": SIDE_WORDS,
        "aspect": ASPECT_WORDS,
        "digit": DIGIT_WORDS,
        "kind": KIND_WORDS,
        "began_as": KIND_WORDS,
        "colour": COLOUR_WORDS,
    }

    site: Site
    """Where, by the body chart."""
    side: Side | None = None
    """L, R or B (both sides)."""
    aspect: Literal["inner", "outer", "front", "back", "tip"] | None = None
    """Which face of the site, or its tip."""
    digit: Digit | None = None
    """Which finger or toe: thumb, index, middle, ring, little; big, second, third, fourth, little."""
    kind: Kind
    """What it is now."""
    began_as: Kind | None = None
    """What it was at first."""
    changed_within: Literal["hours", "days", "weeks", "months"] | None = None
    """How soon it turned from what it was into what it is."""
    count: int | None = Field(default=None, ge=1, le=200)
    """How many on each side; "multiple" where nobody counted."""
    several: bool | None = None
    """More than one, uncounted; `count: multiple` says the same."""
    size_cm: Size | None = None
    """Length, or length and width, of the largest in cm, for instance "12 x 8"."""
    size_mm: float | None = Field(default=None, gt=0, le=2000)
    """Longest diameter of the largest in mm."""
    large: bool | None = None
    """Called large, where nobody measured."""
    colour: Colour | None = None
    """Colour of most of it."""
    necrotic: bool | None = None
    """Dead or black tissue."""
    painful: bool | None = None
    """Pain at the lesion."""
    tender: bool | None = None
    """Pain on touch."""
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
    wound: WoundScore | None = None
    """Wound score, eight items from 1 (best) to 5 (worst)."""
    photographs: tuple[Photograph, ...] = ()
    """Clinical photographs."""

    @model_validator(mode="before")
    @classmethod
    def _read_several(cls, data: Any) -> Any:
        """Take "multiple" for a number that nobody counted, and what a word for the site says beyond the site."""
        if not isinstance(data, Mapping):
            return data
        read = _split_side(dict(data))
        if str(read.get("count")).strip().casefold() in SEVERAL_WORDS:
            read |= {"count": None, "several": True}
        field, word = SITE_DETAILS.get(str(read.get("site")).strip().casefold(), (None, None))
        if field is not None and read.get(field) is None:
            read[field] = word
        return read

    @model_validator(mode="after")
    def _check_lesion_fits_together(self) -> Self:
        if self.digit is not None and self.digit not in DIGITS.get(self.site, ()):
            raise ValueError(f"digit is {self.digit}, but site is {self.site}")
        if self.count == 1 and self.several:
            raise ValueError("several is yes, but count is 1")
        if self.since is not None and self.seen_on is not None and self.seen_on < self.since:
            raise ValueError("seen_on lies before since")
        return self

    @property
    def at_least(self) -> int:
        """The smallest number on each side that was said."""
        if self.count is not None:
            return self.count
        return 2 if self.several else 1

    @property
    def sides(self) -> int:
        """How many sides have it: two where both."""
        return 2 if self.side == "B" else 1


class Biopsy(CaseBlock):
    """Pathology of skin or amputated tissue."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"site": SITE_WORDS, **BIOPSY_WORDS}

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
    kind: (
        Literal["deep incisional", "incisional", "excision", "punch", "telescoping punch", "shave", "amputation"] | None
    ) = None
    """How it was taken."""
    on: Day | None = None
    """Day."""
    reason: str | None = None
    """Why it was declined, not advised or not done; no name."""

    @property
    def contradicts_itself(self) -> bool:
        """Whether what the pathologist concludes and what was seen cannot both be right."""
        if self.status != "done":
            return False
        if self.result == "positive":
            return self.vessels_calcified is False
        seen = (self.necrosis_or_ulcer, self.vessels_calcified, self.intima_narrowed)
        return self.result == "negative" and all(seen)
