"""What one examination found, in the shape of record.json (`calcinet.record/1`)."""

from calcinet.labels import MASK_LABELS
from calcinet.record.images import (
    CalibreClass,
    Compartment,
    FindingRecord,
    ImageRecord,
    Kind,
    Meaning,
    NotMeasured,
    Point,
    Refusal,
    Side,
)
from calcinet.record.part import Quantity
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
from calcinet.record.weighing import Advice, Differential, Evidence, Move, Posterior, Preset, Prior, Term
from calcinet.record.whole import SCHEMA, CalibreCutoffs, ModelRecord, Record, Summary
from calcinet.record.writing import SIGNIFICANT_DIGITS

__all__ = [
    "MASK_LABELS",
    "SCHEMA",
    "SIGNIFICANT_DIGITS",
    "Advice",
    "CalibreClass",
    "CalibreCutoffs",
    "Clinical",
    "Compartment",
    "Criterion",
    "CriterionItem",
    "Derived",
    "Differential",
    "Drug",
    "EarlierImage",
    "Evidence",
    "FindingRecord",
    "ImageRecord",
    "Kind",
    "Lab",
    "Lesion",
    "Meaning",
    "ModelRecord",
    "Move",
    "NotMeasured",
    "Point",
    "Posterior",
    "Preset",
    "Prior",
    "Quantity",
    "Question",
    "Record",
    "Refusal",
    "Side",
    "Summary",
    "Suspicion",
    "Term",
]
