"""A body from the front and from the back, with the lesions and the images where they lie: simple shapes of our own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from calcinet.report.labels import Translate
from calcinet.report.pictures.svg import INK, SOFT, Drawing, Place
from calcinet.vocabulary import Side

SIZE: Final = (430.0, 424.0)

MIDDLES: Final[dict[str, float]] = {"front": 108.0, "back": 322.0}
"""Where the middle of each body stands (x)."""

SKIN: Final = "#f3efe9"

HEAD: Final = (0.0, 38.0)

SITES: Final[dict[str, Place]] = {
    "head": (0, 36),
    "neck": (0, 62),
    "trunk": (0, 128),
    "chest": (15, 92),
    "breast": (16, 104),
    "abdomen": (13, 148),
    "back": (15, 110),
    "buttock": (15, 196),
    "groin": (13, 198),
    "pelvis": (0, 184),
    "penis": (0, 212),
    "vulva": (0, 212),
    "arm": (48, 118),
    "upper arm": (45, 102),
    "forearm": (57, 156),
    "hand": (63, 190),
    "finger": (66, 206),
    "leg": (19, 300),
    "thigh": (19, 238),
    "knee": (19, 282),
    "lower leg": (19, 322),
    "ankle": (19, 360),
    "foot": (22, 374),
    "toe": (26, 386),
}
"""Where a site of the left half of the body lies: to the side of the middle, and down. The right half is its mirror."""

ONE_IN_THE_MIDDLE: Final = frozenset({"head", "neck", "trunk", "pelvis", "penis", "vulva"})

MIDDLE_UNLESS_SIDED: Final = frozenset({"chest", "abdomen", "back", "groin", "buttock"})
"""Sites that stand in the middle where no side was stated; of the others both sides are shown, hollow."""

FROM_BEHIND: Final = frozenset({"back", "buttock"})

OTHER_PARTS: Final[dict[str, str]] = {
    "lower extremity": "leg",
    "upper extremity": "arm",
    "hip": "groin",
    "calf": "lower leg",
    "whole body": "trunk",
}
"""Body parts of images by the site where they are drawn."""

GROUPS: Final[dict[str, str]] = {
    "gangrene": "#a9b0b6",
    "eschar": "#a9b0b6",
    "ulcer": "#ff9a76",
    "purpura": "#cdaaff",
    "retiform purpura": "#cdaaff",
    "livedo": "#cdaaff",
    "reticular erythema": "#cdaaff",
}
"""Colours by kind of lesion; dark figures can be read on each."""

OTHER_LESION: Final = "#f5cf6b"

NET: Final = "#7fd1e6"
"""An image on which a net was marked or read."""

NO_NET: Final = "#ffffff"

LESION_RADIUS: Final = 8.0

ASPECT_STEP: Final = 6.0
"""How far a mark moves to the inner or the outer side."""

CROWDED: Final = 15.0
"""Two marks are at least so far apart."""

IMAGE_STEP: Final = 19.0
"""How far beside its site an image stands, so that it hides no lesion."""

View = Literal["front", "back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A lesion or an image on the body."""

    name: str
    """Number or letter, as in the list beside the drawing."""
    site: str
    side: Side | None = None
    aspect: str | None = None
    colour: str = OTHER_LESION
    is_image: bool = False

    @property
    def drawn_at(self) -> str | None:
        """The site of the drawing; None where it has none."""
        site = OTHER_PARTS.get(self.site, self.site)
        return site if site in SITES else None

    @property
    def view(self) -> View:
        """From which side it is seen."""
        if self.aspect == "back" or (self.drawn_at in FROM_BEHIND and self.aspect != "front"):
            return "back"
        return "front"


def body_drawing(marks: Sequence[Mark], described: str, _: Translate) -> str:
    """Draw both bodies and every mark that has a place on them; `described` says the same in words."""
    drawing = Drawing(*SIZE, described)
    for view, middle in MIDDLES.items():
        _draw_body(drawing, middle)
        _letter_sides(drawing, view, middle, _)
    taken: list[Place] = []
    for mark in marks:
        for place, sure in _find_places(mark):
            free = _make_room(place, taken)
            taken.append(free)
            _draw_mark(drawing, mark, free, sure=sure)
    return drawing.svg()


def _draw_body(drawing: Drawing, middle: float) -> None:
    """Draw every part twice, first its edge and then its inside, so that only the outer edge is left."""
    for edge, width in ((SOFT, 2.4), ("none", 0.0)):
        drawing.oval((middle + HEAD[0], HEAD[1]), (15, 19), fill=SKIN, edge=edge, width=width)
        for part in _list_parts():
            points = [(middle + x, y) for x, y in part]
            drawing.shape(points, fill=SKIN, edge=edge, width=width)


def _list_parts() -> Iterator[list[Place]]:
    """Outlines round a middle at 0: neck and trunk, then each limb and its mirror."""
    yield [(-7, 52), (7, 52), (8, 68), (-8, 68)]
    yield list(TRUNK)
    for part in LEFT_LIMBS:
        yield list(part)
        yield [(-x, y) for x, y in part]


TRUNK: Final[tuple[Place, ...]] = (
    *((-34, 70), (34, 70), (40, 76), (32, 112), (27, 150), (33, 196)),
    *((12, 212), (-12, 212), (-33, 196), (-27, 150), (-32, 112), (-40, 76)),
)

LEFT_LIMBS: Final[tuple[tuple[Place, ...], ...]] = (
    ((33, 71), (42, 77), (52, 106), (57, 134), (46, 137), (38, 106)),
    ((57, 132), (62, 150), (67, 180), (58, 182), (50, 158), (46, 135)),
    ((58, 180), (67, 178), (72, 192), (71, 210), (64, 215), (58, 200)),
    ((2, 208), (33, 192), (31, 240), (28, 284), (10, 284), (6, 245)),
    ((10, 282), (28, 282), (31, 310), (26, 362), (13, 362), (8, 310)),
    ((13, 360), (26, 360), (34, 384), (31, 391), (15, 391)),
)
"""Upper arm, forearm, hand, thigh, lower leg and foot of the left half."""


def _letter_sides(drawing: Drawing, view: str, middle: float, _: Translate) -> None:
    """Write the view, and right and left as they lie: from the front the patient's right is at the left."""
    names = {"front": (_("Front"), _("Right"), _("Left")), "back": (_("Back"), _("Left"), _("Right"))}
    title, at_left, at_right = names[view]
    drawing.letters((middle, 412), title, anchor="middle", size=12, bold=True)
    drawing.letters((middle - 74, 60), at_left, anchor="middle", size=12, colour=SOFT)
    drawing.letters((middle + 74, 60), at_right, anchor="middle", size=12, colour=SOFT)


def _find_places(mark: Mark) -> Iterator[tuple[Place, bool]]:
    """Give each place of a mark, and whether its side is sure."""
    site = mark.drawn_at
    if site is None:
        return
    across, down = SITES[site]
    if mark.aspect == "tip":
        down += ASPECT_STEP
    if site in ONE_IN_THE_MIDDLE or (mark.side is None and site in MIDDLE_UNLESS_SIDED):
        yield _place(mark, IMAGE_STEP if mark.is_image else 0.0, down, sign=1), True
        return
    across += {"inner": -ASPECT_STEP, "outer": ASPECT_STEP}.get(mark.aspect or "", 0.0)
    if mark.is_image:
        across += IMAGE_STEP
    for side in _list_sides(mark.side):
        yield _place(mark, across, down, sign=1 if side == "L" else -1), mark.side is not None


def _list_sides(side: Side | None) -> tuple[Side, ...]:
    if side in ("L", "R"):
        return (side,)
    return ("R", "L")


def _place(mark: Mark, across: float, down: float, *, sign: int) -> Place:
    """Point of the drawing; from behind, left is at the left."""
    if mark.view == "back":
        sign = -sign
    return MIDDLES[mark.view] + sign * across, down


def _make_room(place: Place, taken: Iterable[Place]) -> Place:
    """Move a mark down, then up, until it hides none that is drawn already."""
    others = list(taken)
    for step in (0, 1, -1, 2, -2, 3, -3):
        moved = place[0], place[1] + step * CROWDED
        if all(abs(moved[0] - x) + abs(moved[1] - y) >= CROWDED for x, y in others):
            return moved
    return place


def _draw_mark(drawing: Drawing, mark: Mark, at: Place, *, sure: bool) -> None:
    """Draw a disc for a lesion, a square for an image; dashed and hollow where the side was not stated."""
    fill = mark.colour if sure else "#ffffff"
    edge = INK if sure else SOFT
    if mark.is_image:
        _draw_square(drawing, at, fill, edge)
    else:
        dash = "" if sure else "2 2"
        drawing.oval(at, (LESION_RADIUS, LESION_RADIUS), fill=fill, edge=edge, width=1.2, dash=dash)
    drawing.letters((at[0], at[1] + 3.6), mark.name, anchor="middle", size=10, bold=True)


def _draw_square(drawing: Drawing, at: Place, fill: str, edge: str) -> None:
    x, y = at
    half = LESION_RADIUS - 1
    corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    drawing.shape(corners, fill=fill, edge=edge, width=1.2)
