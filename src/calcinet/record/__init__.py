"""What one examination found, in the shape of record.json (`calcinet.record/1`)."""

from calcinet.mask_labels import MASK_LABELS
from calcinet.record.base import Point, Quantity
from calcinet.record.bedside import (
    BiopsyRecord,
    ExaminationFinding,
    KnownCondition,
    OutcomeRecord,
    PhotographRecord,
    ProcedureRecord,
    PrognosisRecord,
    TreatmentRecord,
)
from calcinet.record.corrections import Correction
from calcinet.record.courses import Course, VesselCourse
from calcinet.record.ct import CtArtery, CtRecord, CtScore
from calcinet.record.images import FindingRecord, ImageRecord, Meaning, NotMeasured, Place, Refusal
from calcinet.record.mammogram import NOT_A_CANCER_READING, BreastRecord, BreastSummary
from calcinet.record.patient import (
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
)
from calcinet.record.scintigram import (
    LeftOut,
    ScanComparison,
    ScintigramRecord,
    SegmentChange,
    UptakeSegment,
)
from calcinet.record.weighing import Advice, Differential, Evidence, Move, Posterior, Preset, Prior, Term
from calcinet.record.whole import SCHEMA, CalibreCutoffs, ModelRecord, Record, Summary
from calcinet.record.writing import SIGNIFICANT_DIGITS
from calcinet.vocabulary import BodyLevel, CalibreClass, Compartment, DepositForm, FindingKind, Side

__all__ = [
    "MASK_LABELS",
    "NOT_A_CANCER_READING",
    "SCHEMA",
    "SIGNIFICANT_DIGITS",
    "Advice",
    "BiopsyRecord",
    "BodyLevel",
    "BreastRecord",
    "BreastSummary",
    "CalibreClass",
    "CalibreCutoffs",
    "Clinical",
    "Compartment",
    "Correction",
    "Course",
    "Criterion",
    "CriterionItem",
    "CtArtery",
    "CtRecord",
    "CtScore",
    "DepositForm",
    "Derived",
    "Differential",
    "Drug",
    "EarlierImage",
    "Evidence",
    "ExaminationFinding",
    "FindingKind",
    "FindingRecord",
    "ImageRecord",
    "KnownCondition",
    "Lab",
    "LeftOut",
    "Lesion",
    "Meaning",
    "ModelRecord",
    "Move",
    "NotMeasured",
    "OutcomeRecord",
    "PhotographRecord",
    "Place",
    "Point",
    "Posterior",
    "Preset",
    "Prior",
    "ProcedureRecord",
    "PrognosisRecord",
    "Quantity",
    "Question",
    "Record",
    "Refusal",
    "ScanComparison",
    "ScintigramRecord",
    "SegmentChange",
    "Side",
    "Summary",
    "Suspicion",
    "Term",
    "TreatmentRecord",
    "UptakeSegment",
    "VesselCourse",
]
