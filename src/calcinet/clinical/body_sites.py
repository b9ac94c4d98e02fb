"""Where on the body a lesion lies: the sites of the case file and what the criteria make of them."""

from typing import Final, Literal, get_args

Site = Literal[
    "head", "neck", "trunk", "chest", "breast", "abdomen", "back", "buttock", "groin", "penis", "vulva",
    "arm", "upper arm", "forearm", "hand", "finger", "leg", "thigh", "knee", "lower leg", "ankle", "foot", "toe",
]  # fmt: skip
"""Sites of the chart. "arm" and "leg" stand for a limb without its hand or foot where the text says no more."""

ImagedSite = Literal[Site, "pelvis"]
"""What an image may show: films of the pelvis are common, and no lesion lies there by name."""


SIDE_WORDS: Final[dict[str, str]] = {"left": "L", "right": "R", "both": "B", "bilateral": "B", "both sides": "B"}
"""Other words for the sides."""

SITES: Final[tuple[Site, ...]] = get_args(Site)

SITE_WORDS: Final[dict[str, str]] = {
    "calf": "lower leg", "shin": "lower leg", "crus": "lower leg", "lower limb": "leg", "upper limb": "arm",
    "hip": "thigh", "flank": "abdomen", "belly": "abdomen", "buttocks": "buttock", "genitals": "groin",
    "glans": "penis", "mamma": "breast", "fingertip": "finger", "finger tip": "finger",
    "fingers": "finger", "toes": "toe", "toe tip": "toe", "breasts": "breast", "glans penis": "penis",
    "thumb": "finger", "digit of hand": "finger",
    "digit of foot": "toe", "hallux": "toe", "great toe": "toe", "big toe": "toe",
    "heel": "foot", "sole": "foot", "palm": "hand", "wrist": "forearm",
    "elbow": "forearm", "malleolus": "ankle", "popliteal fossa": "knee", "shoulder": "upper arm", "face": "head",
    "scalp": "head", "thorax": "chest", "pelvis": "trunk", "perineum": "groin", "scrotum": "groin",
    "sacrum": "buttock", "sacral": "buttock", "labia": "vulva", "labium": "vulva", "vagina": "vulva", "tongue": "head",
    "ear": "head", "nose": "head", "lip": "head", "cheek": "head", "forehead": "head", "nipple": "breast",
    "foreskin": "penis",
}  # fmt: skip
"""Other words for the sites. Our choice: a joint goes to the segment below the skin fold that a film of it shows."""

ACRAL: Final[frozenset[Site]] = frozenset({"hand", "finger", "foot", "toe"})
"""Where calciphylaxis is very hard to tell from diabetic gangrene. [hayashi2025]"""

PROXIMAL: Final[frozenset[Site]] = frozenset(
    {"trunk", "chest", "breast", "abdomen", "back", "buttock", "groin", "penis", "vulva", "thigh"}
)
"""Trunk and thigh: the proximal form, deep and severe. [realites2019]"""

DISTAL: Final[frozenset[Site]] = frozenset({"forearm", "knee", "lower leg", "ankle", "hand", "finger", "foot", "toe"})
"""Forearm and leg: the distal form. [realites2019]"""

JAPANESE: Final[frozenset[Site]] = frozenset(
    {
        *("trunk", "chest", "breast", "abdomen", "back", "buttock", "groin", "penis"),
        *("arm", "upper arm", "forearm", "leg", "thigh", "knee", "lower leg"),
    }
)
"""Trunk, upper arm, forearm, thigh, lower leg or penis; hands and feet do not count. [keio_criteria]

An ankle, head, neck or vulva is not on the list either; "arm" and "leg" count as what is on it lies in them.
"""

LOWER_LIMB: Final[frozenset[Site]] = frozenset({"leg", "thigh", "knee", "lower leg", "ankle", "foot", "toe"})
UPPER_LIMB: Final[frozenset[Site]] = frozenset({"arm", "upper arm", "forearm", "hand", "finger"})
