"""The three-level scheme of a Chinese review: suspected, clinical, confirmed [china_scheme]. Not validated."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from calcinet.clinical.case import Case, Lesion
from calcinet.clinical.criteria.chinese_risk_factors import major_factors, minor_factors
from calcinet.clinical.mimics import Mimics, exclusion_item
from calcinet.clinical.results import Assessment, CriterionResult, Item, Level, SuspicionResult
from calcinet.clinical.ternary import Ternary, all_of, any_of, at_least, is_among
from calcinet.text import Text, say, sentences

EARLY: Final = frozenset(
    {"induration", "plaque", "nodule", "reticular erythema", "livedo", "purpura", "retiform purpura"}
)
"""Early skin change. Our choice: every kind before the skin breaks; the scheme gives no list."""

SOURCE: Final = "china_scheme"


def chinese(case: Case, known: Assessment, mimics: Mimics) -> CriterionResult:
    """Go through the scheme item by item and give the level it reaches, leaving mimics still open aside.

    There is no level, not even none, where what is not stated decides.
    """
    major, minor = major_factors(case, known), minor_factors(case, known)
    lesions = {
        "early_skin_change": _judge_lesion("Early skin change.", case, _is_early),
        "typical_lesion": _judge_lesion(
            "Livedo, painful purpura, painful plaque or induration, necrotic ulcer or black eschar.", case, typical
        ),
    }
    biopsy = {"biopsy_positive": _judge_biopsy(case)}
    items = {**major, **minor, **lesions, **biopsy, "mimics_excluded": exclusion_item(mimics)}
    counts = _Count.of(major), _Count.of(minor)
    level = _find_level(items, *counts, any_lesion=bool(case.lesions))
    if level == "none" and not mimics.found and _may_be_reached(items, *counts):
        level = None
    reached = is_among(level, ("suspected", "clinical", "confirmed"))
    met = all_of([reached, mimics.excluded])
    return CriterionResult("chinese_three_level", say("Chinese three-level scheme"), met, items, SOURCE, level)


def suspicion(case: Case, scheme: CriterionResult, mimics: Mimics) -> SuspicionResult | None:
    """Give the level of the summary, with its scheme by name; None where the case does not say enough."""
    if case.lesions is None or scheme.level is None:
        return None
    return SuspicionResult(scheme.level, _describe_rule(scheme, mimics), SOURCE)


@dataclass(frozen=True, slots=True)
class _Count:
    """How many factors are met, surely and at most."""

    sure: int
    possible: int

    @classmethod
    def of(cls, items: dict[str, Item]) -> "_Count":
        met = [item.met for item in items.values()]
        return cls(met.count(True), len(met) - met.count(False))


def _find_level(items: dict[str, Item], major: _Count, minor: _Count, *, any_lesion: bool) -> Level | None:
    """Highest level whose items are surely met; a mimic that was found leaves none."""
    if items["mimics_excluded"].met is False:
        return "none"
    early, typical = items["early_skin_change"].met, items["typical_lesion"].met
    if items["biopsy_positive"].met and any_lesion:
        return "confirmed"
    if typical and major.sure + minor.sure >= 1:
        return "clinical"
    if any_of([early, typical]) and _has_enough(major, minor):
        return "suspected"
    return "none"


def _has_enough(major: _Count, minor: _Count) -> Ternary:
    """Whether there are the risk factors of a suspicion: two major, or one major and three minor."""
    two_major = at_least(2, major.sure, major.possible)
    mixed = all_of([at_least(1, major.sure, major.possible), at_least(3, minor.sure, minor.possible)])
    return any_of([two_major, mixed])


def _may_be_reached(items: dict[str, Item], major: _Count, minor: _Count) -> bool:
    """Whether answers to what is open could reach a level without a biopsy."""
    early, typical = items["early_skin_change"].met, items["typical_lesion"].met
    clinical = typical is not False and major.possible + minor.possible >= 1
    return clinical or (any_of([early, typical]) is not False and _has_enough(major, minor) is not False)


def _describe_rule(scheme: CriterionResult, mimics: Mimics) -> Text:
    named = say(
        "Chinese three-level scheme, an expert proposal that nobody has validated: {why}.", why=_explain_level(scheme)
    )
    if not mimics.open or scheme.level == "none":
        return named
    return sentences(named, say("Other diseases are not all excluded yet, which the scheme asks for."))


def _explain_level(scheme: CriterionResult) -> Text:
    if scheme.items["mimics_excluded"].met is False:
        return say("another disease was found that explains the lesion")
    if scheme.level == "confirmed":
        return say("a positive biopsy and a skin lesion")
    if scheme.level == "clinical":
        return say("a typical lesion and at least one risk factor")
    if scheme.level == "suspected":
        return say("early skin change and enough risk factors")
    return say("no level is reached")


def _judge_lesion(text: str, case: Case, rule: Callable[[Lesion], Ternary]) -> Item:
    met = None
    if case.lesions is not None:
        met = any_of(map(rule, case.lesions))
    question = None
    if met is None:
        question = say("What do the lesions look like: kind, pain, necrosis?")
    return Item(met, say(text), "", question, "lesions")


def _judge_biopsy(case: Case) -> Item:
    done = [biopsy.result for biopsy in case.pathology if biopsy.status == "done" and biopsy.result is not None]
    wanted = say("A biopsy is positive.")
    if done:
        return Item("positive" in done, wanted, "", None, "pathology")
    if any(biopsy.status == "declined" for biopsy in case.pathology):
        return Item(None, wanted, say("Biopsy was declined."), None, "pathology")
    return Item(None, wanted, "", say("Has a biopsy been read?"), "pathology")


def _is_early(lesion: Lesion) -> Ternary:
    return lesion.kind in EARLY


def typical(lesion: Lesion) -> Ternary:
    """Whether it is one of the scheme; pain and necrosis are asked for where the kind alone does not decide."""
    if lesion.kind in ("livedo", "eschar"):
        return True
    if lesion.kind in ("purpura", "retiform purpura", "plaque", "induration"):
        return lesion.painful
    if lesion.kind == "ulcer":
        return lesion.necrotic
    return False
