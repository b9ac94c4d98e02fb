"""The examination in words: every stated finding, also those that were looked for and not found."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from calcinet.clinical.person import Examination
from calcinet.text import Text, as_written, say

PRESENT_OR_NOT: Final[Mapping[str, tuple[str, str]]] = {
    "claudication": (say("pain on walking that rest relieves"), say("no pain on walking")),
    "infection_suspected": (say("infection suspected"), say("no infection suspected")),
    "recurrent_hypotension": (say("repeated low blood pressure"), say("no repeated low blood pressure")),
    "rapid_weight_loss": (say("rapid loss of weight"), say("no rapid loss of weight")),
    "trauma": (say("injury at the site before the lesion"), say("no injury at the site")),
    "venous_disease": (say("chronic venous disease of the affected leg"), say("no chronic venous disease")),
    "oedema": (say("oedema of the affected limb"), say("no oedema")),
    "tenderness": (say("tender on touch"), say("not tender on touch")),
    "haemosiderin": (say("brown staining above the ankle"), say("no brown staining above the ankle")),
    "periosteal_reaction": (say("periosteal reaction on a film"), say("no periosteal reaction on films")),
    "atrophie_blanche": (say("atrophie blanche about the ankle"), say("no atrophie blanche")),
    "raynaud": (say("Raynaud phenomenon"), say("no Raynaud phenomenon")),
    "muscle_weakness": (say("weak proximal muscles"), say("no muscle weakness")),
    "septic_shock": (say("septic shock"), say("no septic shock")),
    "brawny_skin": (say("brawny, bound-down skin"), say("no brawny skin")),
    "violaceous_border": (say("violaceous undermined border"), say("no violaceous border")),
}
"""What is there or not, by field: the words for yes and for no."""

PULSES: Final[Mapping[str, str]] = {
    "present": say("all peripheral pulses present"),
    "reduced": say("peripheral pulses reduced"),
    "absent": say("peripheral pulses absent"),
}


def examination_in_words(examination: Examination) -> Iterator[tuple[str, Text]]:
    """Give each stated finding with the name of its field; nothing of what was not stated.

    A field that has no words of its own here is shown by its name, so that nothing stated is lost.
    """
    for name in type(examination).model_fields:
        value = getattr(examination, name)
        if value is not None:
            yield name, _say_finding(name, value)


def _say_finding(name: str, value: Any) -> Text:
    say_it = SPECIAL.get(name)
    if say_it is not None:
        return say_it(value)
    if name in PRESENT_OR_NOT:
        yes, no = PRESENT_OR_NOT[name]
        return as_written(yes) if value else as_written(no)
    return say("{finding}: {value}", finding=as_written(name.replace("_", " ")), value=_write_answer(value))


def _write_answer(value: Any) -> str:
    if value is True:
        return say("yes")
    if value is False:
        return say("no")
    return str(value)


def _say_pulses(state: str) -> Text:
    return as_written(PULSES[state])


def _say_ceap(stage: str) -> Text:
    return say("venous disease of class {stage} (CEAP)", stage=stage)


def _say_pain(score: int) -> Text:
    return say("pain {score} of 10 (numeric scale: 0 none, 10 the worst that can be imagined)", score=score)


SPECIAL: Final[Mapping[str, Callable[[Any], Text]]] = {
    "peripheral_pulses": _say_pulses,
    "ceap": _say_ceap,
    "pain_score": _say_pain,
    "pain_vas": lambda value: say("pain {value:g} of 100 (visual scale)", value=value),
    "ankle_brachial_index": lambda value: say("ankle-brachial index {value:g}", value=value),
    "temperature_c": lambda value: say("temperature {value:.1f} °C", value=value),
    "subcutaneous_injections_per_day": lambda value: say("{value:g} injections under the skin a day", value=value),
}
"""What has a number, a scale or several answers, by field."""
