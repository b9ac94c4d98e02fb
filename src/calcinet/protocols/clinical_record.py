"""An assessed case -> the patient in the record."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from calcinet.clinical.case import Case
from calcinet.clinical.case import Lesion as CaseLesion
from calcinet.clinical.drugs import table
from calcinet.clinical.history import Imaging
from calcinet.clinical.imaging import in_words
from calcinet.clinical.results import (
    Assessment,
    CriterionResult,
    DrugResult,
    Item,
    LabResult,
    LesionResult,
)
from calcinet.clinical.results import Derived as DerivedResult
from calcinet.clinical.results import Question as QuestionResult
from calcinet.clinical.wound_score import WOUND_REFERENCE, WoundScore, ellipse_cm2, wound_in_words
from calcinet.evidence.readings import read_by_people
from calcinet.protocols.bedside_record import record_bedside, write_day
from calcinet.protocols.case_sentences import describe_patient
from calcinet.protocols.key_facts import list_key_facts
from calcinet.record import (
    Clinical,
    Criterion,
    CriterionItem,
    Derived,
    Drug,
    EarlierImage,
    Lab,
    Lesion,
    Question,
    Suspicion,
    WoundRecord,
)


def record_patient(case: Case, assessment: Assessment) -> Clinical:
    """The patient in the record."""
    return Clinical(
        examined_on=write_day(case.examined_on),
        age_years=case.patient.age_years,
        sex=case.patient.sex,
        about=describe_patient(case),
        key_facts=list_key_facts(case, assessment),
        questions=tuple(_record_question(question) for question in assessment.questions),
        left_out=case.left_out,
        drugs=tuple(_record_drug(drug) for drug in assessment.drugs),
        lesions=_record_lesions(case, assessment),
        derived=tuple(_record_derived(number) for number in assessment.derived),
        labs=tuple(_record_lab(lab) for lab in assessment.labs),
        imaging=_record_imaging(case),
        criteria=_record_criteria(assessment.criteria),
        **record_bedside(case),
    )


def record_suspicion(assessment: Assessment) -> Suspicion | None:
    """Level of suspicion by the published scheme; None where it cannot be applied."""
    suspicion = assessment.suspicion
    if suspicion is None:
        return None
    return Suspicion(
        level=suspicion.level,
        headline=suspicion.headline,
        rule=suspicion.rule,
        reference=suspicion.reference,
        provisional=suspicion.provisional,
        open=suspicion.open,
        position=suspicion.position,
    )


def _record_question(question: QuestionResult) -> Question:
    return Question(
        field=question.field,
        as_given=question.as_given,
        likely=question.likely,
        text=question.text,
    )


def _record_drug(drug: DrugResult) -> Drug:
    """A drug, its classes as people call them."""
    classes = table().classes
    return Drug(
        name=drug.name,
        drug=drug.drug,
        classes=tuple(classes[key].name for key in drug.classes),
        atc=drug.atc,
        status=drug.status,
        matters=drug.matters,
        reference=drug.reference,
        likely=drug.likely,
        months=drug.months,
        days_since_start=drug.days_since_start,
        daily_dose=drug.daily_dose,
        route=drug.route,
        start=write_day(drug.start),
        stop=write_day(drug.stop),
    )


def _record_lesions(case: Case, assessment: Assessment) -> tuple[Lesion, ...]:
    """The lesions, each with what the case tells of it."""
    told = [_describe_lesion(lesion) for lesion in case.lesions or ()]
    lesions = []
    for lesion, details in zip_longest(assessment.lesions, told, fillvalue=None):
        if lesion is not None:
            lesions.append(_record_lesion(lesion, details or {}))
    return tuple(lesions)


def _record_lesion(lesion: LesionResult, details: Mapping[str, Any]) -> Lesion:
    return Lesion(
        site=lesion.site,
        side=lesion.side,
        kind=lesion.kind,
        label=lesion.label,
        zone=lesion.zone,
        acral=lesion.acral,
        counts_japanese=lesion.counts_japanese,
        **details,
    )


def _describe_lesion(told: CaseLesion) -> dict[str, Any]:
    """What the case tells of a lesion beyond site, side and kind."""
    return {
        "aspect": told.aspect,
        "digit": told.digit,
        "count": told.count,
        "several": told.several,
        "size_cm": told.size_cm,
        "colour": told.colour,
        "began_as": told.began_as,
        "changed_within": told.changed_within,
        "since": write_day(told.since),
        "area_cm2": ellipse_cm2(told.size_cm),
        "wound": _record_wound(told.wound),
    }


def _record_wound(score: WoundScore | None) -> WoundRecord | None:
    if score is None:
        return None
    return WoundRecord(items=score.graded, total=score.total, label=wound_in_words(score), reference=WOUND_REFERENCE)


def _record_derived(number: DerivedResult) -> Derived:
    return Derived(
        name=number.name,
        label=number.label,
        value=number.value,
        unit=number.unit,
        text=number.text,
        flag=number.flag,
        reference=number.reference,
    )


def _record_lab(lab: LabResult) -> Lab:
    return Lab(
        name=lab.name,
        value=lab.value,
        unit=lab.unit,
        as_given=lab.as_given,
        range=lab.range,
        flag=lab.flag,
        analyte=lab.analyte,
        word=lab.word,
        comparator=lab.comparator,
        range_basis=lab.range_basis,
        flag_basis=lab.flag_basis,
        on=write_day(lab.on),
        reference=lab.reference,
    )


def _record_imaging(case: Case) -> tuple[EarlierImage, ...]:
    """The images that a person read, with the ids that the weighing names them by."""
    images = []
    for reading, image in zip(read_by_people(case), case.imaging, strict=True):
        images.append(_record_image(reading.id, image))
    return tuple(images)


def _record_image(key: str, image: Imaging) -> EarlierImage:
    return EarlierImage(
        id=key,
        label=in_words(image),
        modality=image.modality,
        net_like=image.net_like,
        site=image.site,
        side=image.side,
    )


def _record_criteria(results: Mapping[str, CriterionResult]) -> dict[str, Criterion]:
    return {name: record_criterion(result) for name, result in results.items()}


def record_criterion(result: CriterionResult) -> Criterion:
    """One published set of criteria."""
    answers, details = {}, {}
    for name, item in result.items.items():
        answers[name] = item.met
        details[name] = _record_item(item)
    return Criterion(
        met=result.met,
        items=answers,
        label=result.label,
        reference=result.reference,
        level=result.level,
        why_not=result.why_not,
        details=details,
    )


def _record_item(item: Item) -> CriterionItem:
    return CriterionItem(
        met=item.met,
        text=item.text,
        because=item.because,
        question=item.question,
        field=item.field,
    )
