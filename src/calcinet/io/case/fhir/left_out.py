"""What of a hospital's record is not taken into the case: counted by kind, and said in one sentence a kind."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from calcinet.text import Text, as_written, counted, say

KINDS: Final[Mapping[str, Callable[[int], Text]]] = {
    "other page": lambda n: counted(
        n,
        "The bundle holds {count} page of a longer search: what stands on its other pages is missing. "
        "Fetch all of them.",
        "The bundle holds {count} pages of longer searches: what stands on their other pages is missing. "
        "Fetch all of them.",
    ),
    "short of total": lambda n: counted(
        n,
        "The search found {count} entry more than the bundle holds; it is missing.",
        "The search found {count} entries more than the bundle holds; they are missing.",
    ),
    "server's trouble": lambda n: counted(
        n,
        "The server says in {count} message that it could not give all; something may be missing.",
        "The server says in {count} messages that it could not give all; something may be missing.",
    ),
    "other subject": lambda n: counted(
        n,
        "{count} entry is of somebody or something else (a donor, a relative, a specimen, a device) and is left out.",
        "{count} entries are of somebody or something else (a donor, a relative, a specimen, a device) and are left "
        "out.",
    ),
    "measure of an image": lambda n: counted(
        n,
        "{count} entry is a measure that calcinet took on an image, and is left out: give the image itself.",
        "{count} entries are measures that calcinet took on images, and are left out: give the images themselves.",
    ),
    "unsure subject": lambda n: counted(
        n,
        "{count} entry does not say by a reference whose it is, and is left out.",
        "{count} entries do not say by a reference whose they are, and are left out.",
    ),
    "error": lambda n: counted(
        n,
        "{count} entry was entered in error or cancelled, and is left out.",
        "{count} entries were entered in error or cancelled, and are left out.",
    ),
    "not final": lambda n: counted(
        n,
        "{count} result is not final (preliminary, partial or of unknown status), and is left out.",
        "{count} results are not final (preliminary, partial or of unknown status), and are left out.",
    ),
    "corrected": lambda n: counted(
        n,
        "{count} result was replaced by its correction.",
        "{count} results were replaced by their corrections.",
    ),
    "older version": lambda n: counted(
        n,
        "{count} entry is an older version of another one, and is left out.",
        "{count} entries are older versions of others, and are left out.",
    ),
    "broken date": lambda n: counted(
        n,
        "{count} entry has a date that does not exist or ends before it begins, and is left out.",
        "{count} entries have a date that does not exist or end before they begin, and are left out.",
    ),
    "impossible": lambda n: counted(
        n,
        "{count} entry says what cannot be, and is left out.",
        "{count} entries say what cannot be, and are left out.",
    ),
    "modifier": lambda n: counted(
        n,
        "{count} entry carries an extension that may change its meaning and is not known, and is left out.",
        "{count} entries carry an extension that may change their meaning and is not known, and are left out.",
    ),
    "no member": lambda n: counted(
        n,
        "{count} result that a panel or a report lists is not in the bundle.",
        "{count} results that panels or reports list are not in the bundle.",
    ),
    "no value": lambda n: counted(
        n,
        "{count} result has no value (not done, not known, or failed), and is left out.",
        "{count} results have no value (not done, not known, or failed), and are left out.",
    ),
    "other value": lambda n: counted(
        n,
        "{count} result has a value of a kind that is not read (a range, a curve, a time), and is left out.",
        "{count} results have a value of a kind that is not read (a range, a curve, a time), and are left out.",
    ),
    "no name": lambda n: counted(
        n,
        "{count} entry names what it is by a code alone that is not known, and is left out.",
        "{count} entries name what they are by codes alone that are not known, and are left out.",
    ),
    "no range": lambda n: counted(
        n,
        "{count} result has reference ranges of which none surely holds for this patient; none of them is used.",
        "{count} results have reference ranges of which none surely holds for this patient; none of them is used.",
    ),
    "part of a date": lambda n: counted(
        n,
        "{count} result says a month or a year and no day: it counts as older than those with a day.",
        "{count} results say a month or a year and no day: they count as older than those with a day.",
    ),
    "no day": lambda n: counted(
        n,
        "{count} result does not say when it was taken: it counts as older than those with a day.",
        "{count} results do not say when they were taken: they count as older than those with a day.",
    ),
    "day of issue": lambda n: counted(
        n,
        "{count} result does not say when it was taken: the day on which it was issued stands for it.",
        "{count} results do not say when they were taken: the days on which they were issued stand for it.",
    ),
    "no drug": lambda n: counted(
        n,
        "{count} drug could not be read: the entry that names it is not in the bundle. Ask which drug it is.",
        "{count} drugs could not be read: the entries that name them are not in the bundle. Ask which drugs they are.",
    ),
    "drug on hold": lambda n: counted(
        n,
        "{count} drug is on hold; it is counted as taken.",
        "{count} drugs are on hold; they are counted as taken.",
    ),
    "drug not taken": lambda n: counted(
        n,
        "{count} drug was not taken or not given, is a draft, or its status is unknown; it is left out.",
        "{count} drugs were not taken or not given, are drafts, or their status is unknown; they are left out.",
    ),
    "resolved": lambda n: counted(
        n,
        "{count} disease or lesion is no longer active (resolved, inactive, in remission), and is left out.",
        "{count} diseases or lesions are no longer active (resolved, inactive, in remission), and are left out.",
    ),
    "unconfirmed": lambda n: counted(
        n,
        "{count} diagnosis is not confirmed (provisional, differential), and is left out.",
        "{count} diagnoses are not confirmed (provisional, differential), and are left out.",
    ),
    "single session": lambda n: counted(
        n,
        "{count} session of dialysis is not counted as dialysis that goes on. Is the patient on dialysis?",
        "{count} sessions of dialysis are not counted as dialysis that goes on. Is the patient on dialysis?",
    ),
    "ended dialysis": lambda n: counted(
        n,
        "{count} period of dialysis ended, yet dialysis is said to go on; the period is left out. Which is so?",
        "{count} periods of dialysis ended, yet dialysis is said to go on; they are left out. Which is so?",
    ),
    "procedure not done": lambda n: counted(
        n,
        "{count} procedure was not done, is only prepared, or its status is unknown, and is left out.",
        "{count} procedures were not done, are only prepared, or their status is unknown, and are left out.",
    ),
    "other procedure": lambda n: counted(
        n,
        "{count} procedure is none that is read (dialysis, biopsy of the skin, treatments, contrast, vessels).",
        "{count} procedures are none that are read (dialysis, biopsy of the skin, treatments, contrast, vessels).",
    ),
    "other observation": lambda n: counted(
        n,
        "{count} observation is neither a laboratory result nor height, weight or temperature, and is left out.",
        "{count} observations are neither laboratory results nor height, weight or temperature, and are left out.",
    ),
    "report": lambda n: counted(
        n,
        "{count} report is read for its results alone: its words (of pathology, of images) are not read.",
        "{count} reports are read for their results alone: their words (of pathology, of images) are not read.",
    ),
    "birthday": lambda _: say("The birthday is not a whole day or cannot be: the age is not known."),
}
"""By kind, its sentence, in the order in which they are said: what is missing, then what was left out."""

TYPES: Final = frozenset({
    "Account", "ActivityDefinition", "AdverseEvent", "AllergyIntolerance", "Appointment", "AppointmentResponse",
    "AuditEvent", "Basic", "Binary", "BiologicallyDerivedProduct", "BodyStructure", "CarePlan", "CareTeam",
    "ChargeItem", "Claim", "ClaimResponse", "ClinicalImpression", "Communication", "CommunicationRequest",
    "Composition", "Consent", "Contract", "Coverage", "CoverageEligibilityRequest", "CoverageEligibilityResponse",
    "DetectedIssue", "Device", "DeviceMetric", "DeviceRequest", "DeviceUsage", "DeviceUseStatement",
    "DocumentManifest", "DocumentReference", "Encounter", "EncounterHistory", "EpisodeOfCare",
    "ExplanationOfBenefit", "FamilyMemberHistory", "Flag", "GenomicStudy", "Goal", "Group", "GuidanceResponse",
    "HealthcareService", "ImagingSelection", "ImagingStudy", "Immunization", "ImmunizationEvaluation",
    "ImmunizationRecommendation", "InsurancePlan", "InventoryItem", "Invoice", "Library", "List", "Measure",
    "MeasureReport", "Media", "MedicationKnowledge", "MessageHeader", "MolecularSequence", "NutritionIntake",
    "NutritionOrder", "NutritionProduct", "OrganizationAffiliation", "Parameters", "PaymentNotice",
    "PaymentReconciliation", "Person", "PlanDefinition", "Questionnaire", "QuestionnaireResponse", "RelatedPerson",
    "RequestGroup", "RequestOrchestration", "ResearchStudy", "ResearchSubject", "RiskAssessment", "Schedule",
    "ServiceRequest", "Slot", "SupplyDelivery", "SupplyRequest", "Task", "Transport", "VisionPrescription",
})  # fmt: skip
"""Types of resource of R4 and R5 that a bundle of a patient may hold; what is called otherwise may be anything."""

MOST_TYPES: Final = 12
"""Types of entries that are named. Our choice: a line; the rest is counted together."""


@dataclass(slots=True)
class LeftOut:
    """What was left out so far."""

    kinds: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    """Resources of other types than those that are read."""

    def note(self, kind: str, count: int = 1) -> None:
        """Count one more of a kind of KINDS."""
        if kind not in KINDS:
            raise KeyError(kind)
        self.kinds[kind] += count

    def note_type(self, name: str) -> None:
        """Count an entry of a type that is not read."""
        if name not in TYPES:
            name = ""
        self.types[name] += 1

    def sentences(self) -> tuple[Text, ...]:
        """One sentence a kind that occurred."""
        told = [sentence(self.kinds[kind]) for kind, sentence in KINDS.items() if self.kinds[kind]]
        if self.types:
            told.append(_list_types(self.types))
        return tuple(told)


def _list_types(types: Counter[str]) -> Text:
    """The types that are not read, the commonest first."""
    named = sorted((name for name in types if name), key=lambda name: (-types[name], name))
    shown = [as_written(f"{name} {types[name]}") for name in named[:MOST_TYPES]]
    rest = sum(types.values()) - sum(types[name] for name in named[:MOST_TYPES])
    if rest:
        shown.append(say("others {count}", count=rest))
    return say("Entries of other kinds are not read: {kinds:, }.", kinds=shown)
