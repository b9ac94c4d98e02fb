"""The three-level scheme of a Chinese review: suspected, clinical, confirmed [china_scheme]. Not validated.

Its table is headed "in dialysis patients", and each level asks that other diseases be excluded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from calcinet.clinical.body_sites import ACRAL
from calcinet.clinical.case import Biopsy, Case, Lesion
from calcinet.clinical.criteria.chinese_risk_factors import list_met_factors, major_factors, minor_factors
from calcinet.clinical.mimics import Mimics, exclusion_item
from calcinet.clinical.population import explain_off_dialysis
from calcinet.clinical.results import SCALE, Assessment, CriterionResult, Item, Level, SuspicionResult
from calcinet.clinical.ternary import Ternary, all_of, any_of, at_least, is_among
from calcinet.text import Text, as_written, counted, say, sentences

EARLY: Final = frozenset(
    {
        *("rash", "purpura", "induration", "papule", "cellulitis-like erythema"),
        *("retiform purpura", "plaque", "haemorrhagic plaque", "nodule", "reticular erythema", "livedo"),
    }
)
"""Early skin change. The scheme lists diffuse rash, purpura, subcutaneous induration, painful papules and
cellulitis-like erythema [china_scheme]. Our choice: a plaque or nodule is an induration, retiform purpura is purpura,
and reticular erythema and livedo are what comes before the skin breaks."""

ALWAYS_TYPICAL: Final = frozenset({"livedo", "haemorrhagic plaque", "eschar", "gangrene"})
"""Typical of the scheme by their kind alone [china_scheme]. Our choice: gangrene is the same dead tissue as a black
eschar, and the word that was chosen must not decide."""

PAIN_DECIDES: Final = frozenset({"purpura", "retiform purpura", "plaque", "induration"})
"""Typical where they hurt. [china_scheme]"""

SOURCE: Final = "china_scheme"

POSITIONS: Final[Mapping[Level, str]] = {
    "suspected": say("first"),
    "clinical": say("second"),
    "confirmed": say("third"),
}
"""Place of a level on the scale, in words."""


def chinese(case: Case, known: Assessment, mimics: Mimics) -> CriterionResult:
    """Go through the scheme item by item and give the level it reaches, leaving mimics still open aside.

    There is no level, not even none, off dialysis, where what is not stated decides, or where what was found
    contradicts itself.
    """
    major, minor = major_factors(case, known), minor_factors(case, known)
    lesions = {
        "early_skin_change": _judge_lesion("Early skin change.", case, early),
        "typical_lesion": _judge_lesion(
            "Livedo, painful purpura, painful or haemorrhagic plaque or induration, necrotic ulcer, black eschar or "
            "gangrene.",
            case,
            typical,
        ),
    }
    biopsy = {"biopsy_positive": _judge_biopsy(case)}
    items = {**major, **minor, **lesions, **biopsy, "mimics_excluded": exclusion_item(mimics)}
    scheme = CriterionResult("chinese_three_level", say("Chinese three-level scheme"), None, items, SOURCE)
    off_dialysis = explain_off_dialysis(case)
    if off_dialysis is not None:
        return replace(scheme, why_not=off_dialysis)
    if case.kidney.on_dialysis is None or contradicts_biopsy(case, mimics) or has_biopsy_at_odds(case):
        return scheme
    counts = _Count.of(major), _Count.of(minor)
    level = _find_level(items, *counts, any_lesion=bool(case.lesions))
    if level == "none" and not mimics.found and _may_be_reached(items, *counts):
        level = None
    reached = is_among(level, SCALE)
    return replace(scheme, met=all_of([reached, mimics.excluded]), level=level)


def contradicts_biopsy(case: Case, mimics: Mimics) -> bool:
    """Whether a biopsy is positive beside another disease that was found: both cannot be the whole explanation."""
    return bool(mimics.found and case.lesions) and any(map(_is_positive, case.pathology))


def has_biopsy_at_odds(case: Case) -> bool:
    """Whether the result of a biopsy and what was seen in it contradict each other."""
    return any(biopsy.contradicts_itself for biopsy in case.pathology)


def suspicion(case: Case, scheme: CriterionResult, mimics: Mimics) -> SuspicionResult | None:
    """Give the level with its place on the scale, or why there is none; None where the case does not say enough."""
    if case.lesions is None:
        return None
    if scheme.why_not:
        return _give_no_level(
            say("No level of the Chinese scheme: it is for people on dialysis."),
            _explain_no_level(case, scheme.why_not),
        )
    if has_biopsy_at_odds(case):
        return _give_no_level(
            say("No level yet: what was found contradicts itself."),
            say("The result of a biopsy and what was seen in it contradict each other: ask the pathologist."),
        )
    if contradicts_biopsy(case, mimics):
        return _give_no_level(
            say("No level yet: what was found contradicts itself."),
            say(
                "A biopsy is positive, and {names:, } was found as the explanation: is it there besides, or does it "
                "explain the biopsy too? Ask the pathologist and the treating clinician.",
                names=[as_written(name) for name in mimics.found],
            ),
        )
    if scheme.level is None:
        return None
    return _report_level(case, scheme, scheme.level, mimics)


def _explain_no_level(case: Case, why_not: str) -> str:
    """Why there is no level off dialysis; a positive biopsy is not passed over."""
    if not any(_is_positive(biopsy) and not biopsy.contradicts_itself for biopsy in case.pathology):
        return why_not
    return sentences(say("A biopsy was read as calciphylaxis; that stands, though the scheme gives no level."), why_not)


def withhold_from_child(why: Text) -> SuspicionResult:
    """No level for a child."""
    return _give_no_level(say("No level: the published schemes are for adults."), why)


def _give_no_level(headline: Text, why: str) -> SuspicionResult:
    """No level, and the sentence why; that is no all-clear."""
    rule = sentences(why, say("That there is no level does not exclude calciphylaxis."))
    return SuspicionResult(level=None, headline=headline, rule=rule, reference=SOURCE)


def _report_level(case: Case, scheme: CriterionResult, level: Level, mimics: Mimics) -> SuspicionResult:
    provisional = level != "none" and bool(mimics.open)
    still_open: tuple[Text, ...] = ()
    if provisional:
        still_open = tuple(as_written(name) for name in mimics.open)
    return SuspicionResult(
        level=level,
        headline=_say_headline(level, mimics, open_count=len(still_open)),
        rule=sentences(*_list_rules(case, scheme, still_open)),
        reference=SOURCE,
        provisional=provisional,
        open=still_open,
        found=tuple(as_written(name) for name in mimics.found),
    )


def _say_headline(level: Level, mimics: Mimics, *, open_count: int) -> Text:
    """The scheme's own word for the level, with its place on the scale; first of all a disease that was found."""
    if mimics.found:
        return counted(
            len(mimics.found),
            "{names:^} was found and explains the lesion; the scheme gives no level while it does.",
            "{names:^} were found and explain the lesion; the scheme gives no level while they do.",
            names=say("{names:, }", names=[as_written(name) for name in mimics.found]),
        )
    if level == "none":
        return say("No level of the Chinese scheme is reached; that does not exclude calciphylaxis.")
    lead = say("Calciphylaxis suspected by the Chinese scheme")
    if level == "confirmed":
        lead = say("Positive biopsy beside a skin lesion, by the Chinese scheme")
    words = {"lead": lead, "level": as_written(level), "position": POSITIONS[level]}
    if not open_count:
        return say('{lead}: level "{level}", {position} of three.', **words)
    return counted(
        open_count,
        '{lead}: level "{level}", {position} of three, if {count} other disease is excluded.',
        '{lead}: level "{level}", {position} of three, if {count} other diseases are excluded.',
        **words,
    )


def _list_rules(case: Case, scheme: CriterionResult, still_open: tuple[Text, ...]) -> list[Text]:
    """What the level rests on, what it waits for, and what it does not say."""
    rules = [
        say(
            "Chinese three-level scheme, an expert proposal that nobody has validated: {why}.",
            why=_explain_level(scheme),
        )
    ]
    if still_open:
        rules.append(say("It holds only if the following are excluded: {names:, }.", names=still_open))
    if scheme.items["mimics_excluded"].met is False:
        rules.append(say("That does not exclude calciphylaxis beside it."))
    elif scheme.level != "none" and all(lesion.site in ACRAL for lesion in case.lesions or ()):
        rules.append(say("All lesions are of hands or feet, where they are very hard to tell from diabetic gangrene."))
    return rules


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


def _explain_level(scheme: CriterionResult) -> Text:
    if scheme.items["mimics_excluded"].met is False:
        return say("each of its levels asks that other diseases be excluded")
    if scheme.level == "confirmed":
        return say("a positive biopsy and a skin lesion")
    factors = list_met_factors(scheme.items)
    if scheme.level == "clinical" and len(factors) == 1:
        return say("a typical lesion, and one risk factor alone ({factors:, })", factors=factors)
    if scheme.level == "clinical":
        return say("a typical lesion and at least one risk factor ({factors:, })", factors=factors)
    if scheme.level == "suspected":
        return say("early skin change and enough risk factors ({factors:, })", factors=factors)
    return say("no level is reached")


def _judge_lesion(text: str, case: Case, rule: Callable[[Lesion], Ternary]) -> Item:
    met = None
    if case.lesions is not None:
        met = any_of(map(rule, case.lesions))
    question = None
    if met is None:
        question = say("What do the lesions look like: kind, pain, necrosis?")
    return Item(met, as_written(text), "", question, "lesions")


def _judge_biopsy(case: Case) -> Item:
    """Whether a biopsy is positive; an indeterminate one excludes nothing."""
    done = [biopsy for biopsy in case.pathology if biopsy.status == "done" and biopsy.result is not None]
    wanted = say("A biopsy is positive.")
    if has_biopsy_at_odds(case):
        because = say("The result of a biopsy and what was seen in it contradict each other.")
        return Item(None, wanted, because, say("Which is right? Ask the pathologist."), "pathology")
    if any(map(_is_positive, done)):
        return Item(True, wanted, "", None, "pathology")
    if any(biopsy.result == "indeterminate" for biopsy in done):
        because = say("A biopsy was indeterminate, which excludes nothing.")
        return Item(None, wanted, because, say("Is another biopsy possible?"), "pathology")
    if done:
        return Item(False, wanted, "", None, "pathology")
    if any(biopsy.status == "declined" for biopsy in case.pathology):
        return Item(None, wanted, say("Biopsy was declined."), None, "pathology")
    return Item(None, wanted, "", say("Has a biopsy been read?"), "pathology")


def _is_positive(biopsy: Biopsy) -> bool:
    return biopsy.status == "done" and biopsy.result == "positive"


def early(lesion: Lesion) -> Ternary:
    """Whether it is on the scheme's list of early changes; of papules only those that hurt are."""
    if lesion.kind == "papule":
        return lesion.painful
    return lesion.kind in EARLY


def typical(lesion: Lesion) -> Ternary:
    """Whether it is one of the scheme; pain and necrosis are asked for where the kind alone does not decide."""
    if lesion.kind in ALWAYS_TYPICAL:
        return True
    if lesion.kind in PAIN_DECIDES:
        return lesion.painful
    if lesion.kind == "ulcer":
        return lesion.necrotic
    return False
