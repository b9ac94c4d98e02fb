"""Words of a bone scan's page."""

from collections.abc import Mapping
from typing import Final

from calcinet.text import say

VIEWS: Final[Mapping[str, str]] = {
    "anterior": say("from the front"),
    "posterior": say("from behind"),
    "other": say("another view"),
}

SIGNS: Final[Mapping[str, str]] = {"increased": say("increased"), "heterogeneous": say("heterogeneous")}

CALLS: Final[Mapping[str, str]] = {
    "increased": say("increased"),
    "decreased": say("decreased"),
    "no change": say("no change"),
}

CRITERION: Final = say(
    "In calciphylaxis a bone scan is described as increased, heterogeneous uptake of soft tissue with a predilection "
    "for the affected areas."
)
CRITERION_CITES: Final = ("ng_case",)

POSITIVE: Final = say("By series, 62 to 97 % of patients had a positive scan.")
POSITIVE_CITES: Final = ("paul2017", "liu2022", "fine2002")

CAUSES_CITES: Final = ("ottawa_case48",)

PARALLEL: Final = say(
    "The file gives the size of a pixel in the patient: a camera with parallel holes enlarges nothing."
)
"""Where the millimetres of a bone scan come from."""

PICTURE: Final = say(
    "Dark is where counts are many. Grey: outline of the body; blue: segments; orange: bright places that are no "
    "tissue, left out."
)
"""What is seen on the picture."""

CITES: Final = (*CRITERION_CITES, *POSITIVE_CITES, *CAUSES_CITES)
"""All of a bone scan's page."""
