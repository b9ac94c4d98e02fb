"""Examined images and a case -> the record of the examination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from calcinet import weights_manifest
from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext
from calcinet.evidence.differential import ask_likeliest_first
from calcinet.evidence.priors import Prior
from calcinet.evidence.readings import Reading
from calcinet.measure.calibre.classes import DEFAULT_CLASSES, CalibreClasses
from calcinet.protocols.bedside_record import record_prognosis
from calcinet.protocols.case_sentences import (
    describe_case,
    describe_contradiction,
    describe_death,
    describe_left_out,
    describe_posterior,
)
from calcinet.protocols.clinical_record import record_patient, record_suspicion
from calcinet.protocols.evidence_record import record_advice, record_differential, record_evidence
from calcinet.protocols.given_films import GivenFilm, ask_about_films
from calcinet.record import (
    BreastSummary,
    CalibreCutoffs,
    Clinical,
    Evidence,
    ImageRecord,
    Meaning,
    ModelRecord,
    Record,
    Summary,
)
from calcinet.version import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageShare:
    """What the images bring to the record; nothing where there is none."""

    images: tuple[ImageRecord, ...] = ()
    """Each with what it shows beside the others and beside the case."""
    readings: tuple[Reading, ...] = ()
    breasts: tuple[BreastSummary, ...] = ()
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()


def assemble(
    images: Sequence[ImageRecord],
    case: Case | None = None,
    *,
    prior: Prior | None = None,
    include_secondary: bool = False,
    classes: CalibreClasses = DEFAULT_CLASSES,
    scanned_h: Mapping[str, float] | None = None,
    given: Mapping[str, GivenFilm] | None = None,
) -> Record:
    """One record of all images, examined and refused, and of the case where there is one.

    Parameters
    ----------
    images
        In the order of the record.
    case
        The patient beside them.
    prior
        Pre-test probability; without it no post-test probability is stated.
    include_secondary
        Weigh figures that were read at second hand or are recalled, too.
    classes
        Those that the images' vessels were named by.
    scanned_h
        When each bone scan began, in hours on one clock, by image id: two of them are compared. Never written.
    given
        How each image was given, by image id: films are asked about by it.
    """
    clinical = Clinical()
    share = _look_at_images(images, case, scanned_h or {})
    situation = PatientContext.of(case, share.readings)
    if case is not None:
        situation = ask_likeliest_first(situation)
        clinical = record_patient(case, situation.assessment)
        clinical = clinical.model_copy(update={"prognosis": record_prognosis(situation)})
        about_films = ask_about_films(share.images, given or {}, case.films)
        clinical = clinical.model_copy(update={"questions": (*clinical.questions, *about_films)})
    evidence = record_evidence(situation, prior=prior, include_secondary=include_secondary)
    return Record(
        version=__version__,
        model=ModelRecord(name=weights_manifest.NAME, sha256=weights_manifest.sha256()),
        summary=_summarise(share, case, situation, clinical, evidence),
        images=share.images,
        breasts=share.breasts,
        calibre_cutoffs_mm=CalibreCutoffs(large=classes.large_mm, medium=classes.medium_mm, small=classes.small_mm),
        meanings=dict(share.meanings),
        clinical=clinical,
        evidence=evidence,
        differential=record_differential(situation),
        advice=record_advice(situation),
    )


def _look_at_images(images: Sequence[ImageRecord], case: Case | None, scanned_h: Mapping[str, float]) -> ImageShare:
    """What the images bring; finders and measures are loaded only where there is one, for a case needs none of them."""
    if not images:
        return ImageShare()
    from calcinet.protocols.mammogram.breasts import summarise_breasts
    from calcinet.protocols.modalities import collect_meanings, compare_with_case
    from calcinet.protocols.readings import collect_readings
    from calcinet.protocols.scintigram.follow_up import compare_scans
    from calcinet.protocols.scintigram.spot_views import join_spot_views
    from calcinet.protocols.summary import summarise_images
    from calcinet.protocols.tracking import track_findings

    images = compare_scans(join_spot_views(images, scanned_h), scanned_h)
    images = [track_findings(image) for image in images]
    if case is not None:
        images = [compare_with_case(image, case) for image in images]
    return ImageShare(
        images=tuple(images),
        readings=collect_readings(images),
        breasts=summarise_breasts(images),
        meanings=collect_meanings(images),
        sentences=summarise_images(images).sentences,
    )


def _summarise(
    share: ImageShare,
    case: Case | None,
    situation: PatientContext,
    clinical: Clinical,
    evidence: Evidence,
) -> Summary:
    """The patient first, then the probability where there is one, then the images."""
    if case is None:
        return Summary(sentences=(*describe_posterior(evidence), *share.sentences))
    of_case = describe_case(situation.assessment, list(clinical.criteria.values()), evidence)
    return Summary(
        suspicion=record_suspicion(situation.assessment),
        sentences=(
            *describe_death(case),
            *of_case,
            *describe_left_out(case),
            *describe_posterior(evidence),
            *describe_contradiction(situation.assessment, evidence),
            *share.sentences,
        ),
    )
