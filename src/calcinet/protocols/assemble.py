"""Examined images and a case -> the record of the examination."""

from collections.abc import Mapping, Sequence

from calcinet import weights_manifest
from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext
from calcinet.evidence.priors import Prior
from calcinet.measure.calibre.calibre import CalibreClasses
from calcinet.protocols.bedside_record import record_prognosis
from calcinet.protocols.case_sentences import describe_case, describe_contradiction, describe_posterior
from calcinet.protocols.clinical_record import record_patient, record_suspicion
from calcinet.protocols.evidence_record import record_advice, record_differential, record_evidence
from calcinet.protocols.given_films import GivenFilm, ask_about_films
from calcinet.protocols.mammogram.breasts import summarise_breasts
from calcinet.protocols.modalities import DEFAULT_CLASSES, collect_meanings, protocol_of
from calcinet.protocols.readings import collect_readings
from calcinet.protocols.scintigram.follow_up import compare_scans
from calcinet.protocols.summary import summarise_images
from calcinet.record import CalibreCutoffs, Clinical, Evidence, ImageRecord, ModelRecord, Record, Summary
from calcinet.version import __version__


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
    images = compare_scans(images, scanned_h or {})
    clinical = Clinical()
    if case is not None:
        images = [_compare_with_case(image, case) for image in images]
    situation = PatientContext.of(case, collect_readings(images))
    if case is not None:
        clinical = record_patient(case, situation.assessment)
        clinical = clinical.model_copy(update={"prognosis": record_prognosis(situation)})
        about_films = ask_about_films(images, given or {}, case.films)
        clinical = clinical.model_copy(update={"questions": (*clinical.questions, *about_films)})
    evidence = record_evidence(situation, prior=prior, include_secondary=include_secondary)
    return Record(
        version=__version__,
        model=ModelRecord(name=weights_manifest.NAME, sha256=weights_manifest.sha256()),
        summary=_summarise(images, case, situation, clinical, evidence),
        images=tuple(images),
        breasts=summarise_breasts(images),
        calibre_cutoffs_mm=CalibreCutoffs(large=classes.large_mm, medium=classes.medium_mm, small=classes.small_mm),
        meanings=collect_meanings(images),
        clinical=clinical,
        evidence=evidence,
        differential=record_differential(situation),
        advice=record_advice(situation),
    )


def _compare_with_case(image: ImageRecord, case: Case) -> ImageRecord:
    """An image with what it shows beside the case as its last statements."""
    compared = protocol_of(image).compare_with_case(image, case)
    if not compared:
        return image
    return image.model_copy(update={"statements": (*image.statements, *compared)})


def _summarise(
    images: Sequence[ImageRecord],
    case: Case | None,
    situation: PatientContext,
    clinical: Clinical,
    evidence: Evidence,
) -> Summary:
    """The patient first, then the probability where there is one, then the images."""
    of_images = summarise_images(images).sentences
    if case is None:
        return Summary(sentences=(*describe_posterior(evidence), *of_images))
    of_case = describe_case(situation.assessment, list(clinical.criteria.values()), evidence)
    return Summary(
        suspicion=record_suspicion(situation.assessment),
        sentences=(
            *of_case,
            *describe_posterior(evidence),
            *describe_contradiction(situation.assessment, evidence),
            *of_images,
        ),
    )
