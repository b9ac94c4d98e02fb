"""What the findings of a patient weigh -> terms, probability, differential and advice of the record."""

from calcinet.evidence.advice import Step, advice
from calcinet.evidence.cautions import about_patient
from calcinet.evidence.context import PatientContext
from calcinet.evidence.contradiction import contradict
from calcinet.evidence.differential import Alternative, differential
from calcinet.evidence.likelihood_ratios import ON_REQUEST
from calcinet.evidence.priors import Preset as PublishedPrior
from calcinet.evidence.priors import Prior as GivenPrior
from calcinet.evidence.priors import presets
from calcinet.evidence.readings import observations
from calcinet.evidence.weigh import Move as WeighedMove
from calcinet.evidence.weigh import Term as WeighedTerm
from calcinet.evidence.weigh import Triple, weigh
from calcinet.record import Advice, Differential, Evidence, Move, Posterior, Preset, Prior, Term


def record_evidence(
    situation: PatientContext, *, prior: GivenPrior | None = None, include_secondary: bool = False
) -> Evidence:
    """What the findings weigh, with the presets that a user may take as prior."""
    seen = observations(situation.case, situation.assessment, situation.readings)
    weighing = weigh(seen, prior=prior, include_secondary=include_secondary)
    return Evidence(
        prior=_record_prior(prior),
        terms=tuple(_record_term(term) for term in weighing.terms),
        posterior=_record_posterior(weighing.posterior),
        by_prior=weighing.by_prior,
        ratio=weighing.ratio,
        moves=tuple(_record_move(move) for move in weighing.moves),
        presets=_offer_presets(include_secondary),
        cautions=(
            *_list_contradictions(situation, weighing.posterior),
            *weighing.cautions,
            *about_patient(weighing, situation.case),
        ),
    )


def record_differential(situation: PatientContext) -> tuple[Differential, ...]:
    """Other diseases, for the record."""
    return tuple(_record_alternative(alternative) for alternative in differential(situation))


def record_advice(situation: PatientContext) -> tuple[Advice, ...]:
    """Next steps, for the record."""
    return tuple(_record_step(step) for step in advice(situation))


def _list_contradictions(situation: PatientContext, posterior: Triple | None) -> tuple[str, ...]:
    """Say where the level of the scheme and the probability point different ways."""
    suspicion = situation.assessment.suspicion
    if suspicion is None or posterior is None:
        return ()
    sentence = contradict(suspicion.level, posterior[0], suspicion.found)
    if sentence is None:
        return ()
    return (sentence,)


def _record_prior(prior: GivenPrior | None) -> Prior | None:
    if prior is None:
        return None
    return Prior(value=prior.value, basis=prior.basis, reference=prior.reference)


def _record_posterior(posterior: Triple | None) -> Posterior | None:
    if posterior is None:
        return None
    median, low, high = posterior
    return Posterior(median=median, interval95=(low, high))


def _offer_presets(include_secondary: bool) -> tuple[Preset, ...]:
    """Published figures; those read at second hand or recalled only on request."""
    published = presets().values()
    return tuple(_record_preset(preset) for preset in published if include_secondary or preset.status not in ON_REQUEST)


def _record_preset(preset: PublishedPrior) -> Preset:
    return Preset(
        name=preset.name,
        label=preset.label,
        value=preset.value,
        reference=preset.reference,
        status=preset.status,
    )


def _record_term(term: WeighedTerm) -> Term:
    """A term with the row of the table that it comes from."""
    row = term.weight
    return Term(
        finding=term.finding,
        present=term.present,
        ratio=term.ratio,
        n=row.n,
        reference=row.reference,
        status=row.status,
        used=term.used,
        why_not=term.why_not,
        images=term.images,
        label=row.label,
        group=row.group,
        study=row.study,
        year=row.year,
        population=row.population,
        cases=row.cases,
        controls=row.controls,
        note=row.note,
    )


def _record_move(move: WeighedMove) -> Move:
    return Move(finding=move.finding, label=move.label, known=move.known, low=move.low, high=move.high)


def _record_alternative(alternative: Alternative) -> Differential:
    return Differential(
        name=alternative.name,
        against=alternative.against,
        ask=alternative.ask,
        reference=alternative.reference,
        **{"for": alternative.speaks_for},
    )


def _record_step(step: Step) -> Advice:
    return Advice(
        code=step.code,
        kind=step.kind,
        who=step.who,
        how_soon=step.how_soon,
        level=step.level,
        text=step.text,
        reference=step.reference,
    )
