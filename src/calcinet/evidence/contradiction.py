"""Where the level of a scheme and the probability point different ways, and the sentence that says so."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from calcinet.clinical.results import Level
from calcinet.text import Text, as_written, say

HIGHEST_BESIDE_NONE: Final = 0.1
"""From this probability on the level none needs a sentence. Our choice: one in ten is a disease to look for."""

LOWEST: Final[Mapping[Level, float]] = MappingProxyType({"suspected": 0.05, "clinical": 0.2, "confirmed": 0.5})
"""Below this probability the level needs a sentence. Our choice: so seldom would nobody use the word."""

WITHOUT_LEVEL: Final = 0.5
"""From this probability on it is said that the scheme gives no level. Our choice: more likely than not."""


def contradict(level: Level | None, probability: float | None, found: Sequence[str] = ()) -> Text | None:
    """Say that level and probability do not agree; None where they do, or where no probability is stated.

    Parameters
    ----------
    level
        Of the scheme; None where it gives none.
    probability
        From 0 to 1, after the images; None without a pre-test probability.
    found
        Other diseases that were found as the explanation, for which the scheme gives the level none.

    >>> contradict("clinical", 0.4) is None, contradict("none", None) is None
    (True, True)
    >>> str(contradict("none", 0.68)).split(":")[0]
    'The scheme gives the level "none", yet the probability is 68 %'
    """
    if probability is None:
        return None
    if level is None:
        if probability < WITHOUT_LEVEL:
            return None
        return say(
            "The scheme gives no level, yet the probability is {percent:.0f} %: the scheme counts no image. Go by "
            "neither alone.",
            percent=100 * probability,
        )
    if found and level == "none" and probability >= HIGHEST_BESIDE_NONE:
        return say(
            "Another disease was found, yet the probability is {percent:.0f} %: it does not count what was found.",
            percent=100 * probability,
        )
    if level == "none" and probability >= HIGHEST_BESIDE_NONE:
        return say(
            'The scheme gives the level "none", yet the probability is {percent:.0f} %: the scheme counts risk factors '
            "and the look of the skin, the probability the images and the pre-test probability. Neither excludes "
            "the disease; do not read the level as an all-clear.",
            percent=100 * probability,
        )
    if level != "none" and probability < LOWEST[level]:
        return say(
            'The scheme gives the level "{level}", yet the probability is {percent:.2g} %: it rests on the low '
            "pre-test probability that was given, and the scheme on the skin and risk factors. Check whether that "
            "pre-test probability is meant for a patient with such lesions.",
            level=as_written(level),
            percent=100 * probability,
        )
    return None
