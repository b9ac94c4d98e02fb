"""Findings and a prior -> a probability with its interval: log-odds, every weight a distribution.

There is no validated score for this disease. The posterior is what the counted studies say of the findings here, if the
prior is right and findings of different groups are independent.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

from calcinet.errors import BadInput
from calcinet.evidence.likelihood_ratios import ON_REQUEST, LikelihoodRatio, weights
from calcinet.evidence.priors import Prior
from calcinet.evidence.ratio_distributions import LogRatio
from calcinet.text import say, sentences

UNVALIDATED: Final = say("No validated score for calciphylaxis exists; this is not one.")
"""First of the cautions, whatever was weighed."""

PRIOR_TAKEN_AS_EXACT: Final = say(
    "The interval takes the pre-test probability as exact: how uncertain that is comes on top of it."
)
"""Said wherever findings are weighed upon a prior."""

Triple = tuple[float, float, float]
"""Median, low and high of 95 %."""

Ratio = tuple[float, float, float | None]
"""Median, low and high of 95 %; None where no upper limit can be given."""

PRIORS: Final = (
    *(0.0004, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3),
    *(0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99),
)
"""Priors of the curve. Our choice: from the rarest registry to near certainty, about even on a logarithmic scale."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One finding of this patient."""

    finding: str
    present: bool | None
    """None where it is not known."""
    images: tuple[str, ...] = ()
    """Ids of the images that show it, or that show that it is not there."""
    doubt: str = ""
    """Why it is not known; or, where it is, why it must not count."""
    cautions: tuple[str, ...] = ()
    """What to bear in mind where it counts."""


@dataclass(frozen=True, slots=True)
class Term:
    """What one finding weighs."""

    weight: LikelihoodRatio
    """Counts, study and how far it was read."""
    present: bool | None
    ratio: Ratio
    """Likelihood ratio of what was seen; where that is unknown, of the finding present."""
    used: bool
    why_not: str | None = None
    images: tuple[str, ...] = ()

    @property
    def finding(self) -> str:
        """Name in the table."""
        return self.weight.finding


@dataclass(frozen=True, slots=True)
class Move:
    """By what factor one finding moves the odds: its 95 % interval where known, absent to present where not."""

    finding: str
    label: str
    known: bool
    low: float
    high: float | None
    """None where no upper limit can be given."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """All terms together."""

    prior: Prior | None
    terms: tuple[Term, ...]
    ratio: Ratio
    """Of all used terms together."""
    posterior: Triple | None
    """None without a prior."""
    by_prior: tuple[tuple[float, float, float, float], ...]
    """Prior, then median, low and high of the posterior."""
    moves: tuple[Move, ...]
    """Widest first."""
    cautions: tuple[str, ...]


def weigh(
    observations: Iterable[Observation],
    *,
    prior: Prior | None = None,
    include_secondary: bool = False,
    table: Mapping[str, LikelihoodRatio] | None = None,
) -> Weighing:
    """Weigh findings in log-odds.

    Parameters
    ----------
    observations
        At most one a finding, in any order; a finding of the table that is not among them is not known.
    prior
        Probability before them; without it there is a curve over priors and no posterior.
    include_secondary
        Weigh rows that were read at second hand or are recalled, too.
    table
        Weights by finding; those of weights.toml where not given.

    Raises
    ------
    KeyError
        If a finding is observed that the table does not have.
    BadInput
        If a finding is observed twice: one term holds all images.
    """
    rows = table
    if rows is None:
        rows = weights()
    seen = _group_by_finding(observations)
    unheard = seen.keys() - rows.keys()
    if unheard:
        raise KeyError(f"no weight for {', '.join(sorted(unheard))}; there are: {', '.join(rows)}")
    candidates: list[Term] = []
    for name, row in rows.items():
        candidates.append(_build_term(row, seen.get(name) or _list_unknown(row), include_secondary))
    terms = _drop_doubles(candidates)
    total = _multiply_ratios(terms)
    log_ratio = total.quantiles()
    after = None
    if prior is not None:
        after = posterior(prior.value, log_ratio)
    return Weighing(
        prior=prior,
        terms=terms,
        ratio=_limit(total, all(_has_upper_limit(term) for term in terms if term.used)),
        posterior=after,
        by_prior=tuple((value, *posterior(value, log_ratio)) for value in PRIORS),
        moves=_compute_moves(terms, include_secondary),
        cautions=(
            UNVALIDATED,
            *_list_observed_cautions(terms, seen),
            *_collect_cautions(terms, prior),
            *_list_left_out(terms),
        ),
    )


def posterior(prior: float, log_ratio: Triple) -> Triple:
    """Carry quantiles of the log-ratio to the probability: a monotone function keeps them.

    >>> [round(p, 3) for p in posterior(0.5, (0.0, -1.0, 1.0))]
    [0.5, 0.269, 0.731]
    """
    before = math.log(prior) - math.log1p(-prior)
    middle, low, high = (_take_probability(before + shift) for shift in log_ratio)
    return middle, low, high


def _take_probability(log_odds: float) -> float:
    """The probability of log-odds, without overflow at either end."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1 + odds)


def _group_by_finding(observations: Iterable[Observation]) -> dict[str, Observation]:
    seen: dict[str, Observation] = {}
    for observation in observations:
        if observation.finding in seen:
            raise BadInput(
                say("{finding} is observed twice; one observation holds all its images", finding=observation.finding)
            )
        seen[observation.finding] = observation
    return seen


def _list_unknown(row: LikelihoodRatio) -> Observation:
    return Observation(row.finding, None, doubt=say("not looked for"))


def _build_term(row: LikelihoodRatio, observed: Observation, include_secondary: bool) -> Term:
    """One row with what was seen; whether it counts is settled but for doubles."""
    why_not = _explain_exclusion(row, observed, include_secondary)
    present = observed.present is not False
    ratio = _limit(row.log_ratio(present), row.has_upper_limit(present))
    return Term(row, observed.present, ratio, why_not is None, why_not, observed.images)


def _explain_exclusion(row: LikelihoodRatio, observed: Observation, include_secondary: bool) -> str | None:
    if row.context:
        return row.context
    if row.status in ON_REQUEST and not include_secondary:
        return say("read at second hand or recalled: weighed only on request")
    if observed.present is None:
        return observed.doubt or say("not known")
    if observed.doubt:
        return observed.doubt
    if not observed.present and not row.sensitivity_known:
        return say("how many patients have it has not been published, so its absence weighs nothing")
    return None


def _limit(ratio: LogRatio, limited: bool) -> Ratio:
    """Median and interval of a ratio, without its upper end where no count sets it."""
    median, low, high = ratio.ratio()
    if not limited:
        return median, low, None
    return median, low, high


def _has_upper_limit(term: Term) -> bool:
    return term.weight.has_upper_limit(term.present is not False)


def _drop_doubles(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Let only the first term of each group count, in the order of the table, whatever it says."""
    kept: list[Term] = []
    counting: dict[str, Term] = {}
    for term in terms:
        first = term
        if term.used:
            first = counting.setdefault(term.weight.group, term)
        if first is not term:
            term = _mark_double(term, first)
        kept.append(term)
    return tuple(kept)


def _mark_double(term: Term, first: Term) -> Term:
    why_not = say("says the same as {label}: counted once", label=first.weight.label)
    if term.present is not first.present:
        why_not = say("of one group with {label}, which counts in its place", label=first.weight.label)
    return replace(term, used=False, why_not=why_not)


def _multiply_ratios(terms: Sequence[Term]) -> LogRatio:
    used = [term.weight.log_ratio(bool(term.present)) for term in terms if term.used]
    return reduce(LogRatio.times, used, LogRatio.one())


def _compute_moves(terms: Sequence[Term], include_secondary: bool) -> tuple[Move, ...]:
    """What moves the odds, and what would if it were known and no other of its group counted."""
    counted = {term.weight.group for term in terms if term.used}
    known: list[Move] = []
    unknown: list[Move] = []
    for term in terms:
        if term.used:
            known.append(_move(term))
            continue
        is_open = term.present is None and term.weight.group not in counted
        if is_open and _is_weighable(term.weight, include_secondary):
            unknown.append(_move(term))
    return tuple(sorted([*known, *unknown], key=_measure_span, reverse=True))


def _measure_span(move: Move) -> float:
    """How far the odds may move; endless where no upper limit can be given."""
    if move.high is None:
        return math.inf
    return move.high / move.low


def _move(term: Term) -> Move:
    if term.used:
        return Move(term.finding, term.weight.label, True, *term.ratio[1:])
    absent = term.weight.log_ratio(False).ratio()[0]
    present = term.weight.log_ratio(True).ratio()[0]
    return Move(term.finding, term.weight.label, False, absent, present)


def _is_weighable(row: LikelihoodRatio, include_secondary: bool) -> bool:
    return not row.context and (include_secondary or row.status not in ON_REQUEST)


def _collect_cautions(terms: Sequence[Term], prior: Prior | None) -> tuple[str, ...]:
    used = [term for term in terms if term.used]
    cautions: list[str] = []
    if used and prior is not None:
        cautions.append(PRIOR_TAKEN_AS_EXACT)
    if len(used) > 1:
        cautions.append(say("Findings are multiplied as if independent; nobody has shown that they are."))
    cautions += [term.weight.caution for term in used if term.weight.caution]
    for term in used:
        if not _has_upper_limit(term):
            label = term.weight.label
            cautions.append(say("{label}: seen in no control, so no upper limit can be given.", label=label))
    for term in used:
        if term.weight.status in ON_REQUEST:
            label = term.weight.label
            cautions.append(say("{label}: weighed from figures read at second hand or recalled.", label=label))
    for term in used:
        if term.weight.status == "case":
            cautions.append(say("{label}: rests on the case report alone.", label=term.weight.label))
    return (*cautions, *_find_disagreements(terms))


def _list_observed_cautions(terms: Sequence[Term], observed: Mapping[str, Observation]) -> list[str]:
    cautions: list[str] = []
    for term in terms:
        if term.used:
            cautions += observed[term.finding].cautions
    return cautions


def _list_left_out(terms: Sequence[Term]) -> Iterator[str]:
    """What is known of this patient and yet does not move the probability: nothing is left out without a word.

    Rows that are never weighed are no omission: the table says why of each.
    """
    counting = {term.weight.group for term in terms if term.used}
    for term in terms:
        if term.used or term.present is None or term.weight.context or term.weight.group in counting:
            continue
        if term.present:
            yield say(
                "{label} is present; the probability leaves it out: {why}.", label=term.weight.label, why=term.why_not
            )
        else:
            yield say(
                "{label} is absent; the probability leaves it out: {why}.", label=term.weight.label, why=term.why_not
            )


def _find_disagreements(terms: Sequence[Term]) -> Iterator[str]:
    """Findings of one group of which one is present and the other absent, so that what does not count contradicts."""
    counting = {term.weight.group: term for term in terms if term.used}
    for term in terms:
        first = counting.get(term.weight.group)
        if first is not None and not term.weight.context and term.present is (not first.present):
            yield _say_disagreement(first, term)


def _say_disagreement(first: Term, other: Term) -> str:
    """What counts and what it silences, with the ratio that the silenced finding would have had."""
    counting, silenced = first.weight.label, other.weight.label
    if first.present:
        who = say("{first} is present and counts; {other} is absent and does not.", first=counting, other=silenced)
    else:
        who = say("{first} is absent and counts; {other} is present and does not.", first=counting, other=silenced)
    ratios = say(
        "They do not agree: if the second counted, the likelihood ratio would be {other:.2f} and not {first:.2f}.",
        first=first.ratio[0], other=other.ratio[0],
    )  # fmt: skip
    return sentences(who, ratios)
