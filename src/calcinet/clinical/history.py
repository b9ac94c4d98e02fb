"""Drugs, laboratory results, treatments, earlier images and how it went."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from calcinet.clinical.block import CaseBlock, Day, ordered
from calcinet.clinical.body_sites import SIDE_WORDS, SITE_WORDS, ImagedSite
from calcinet.clinical.prescription import SYNONYMS
from calcinet.vocabulary import Side

CalibreClass = Literal["large", "medium", "small", "arteriole"]
TreatmentName = Literal[
    "sodium thiosulphate", "drug stopped", "drug changed", "dialysis changed", "wound care", "pain control",
    "antibiotics", "debridement", "amputation", "parathyroidectomy", "hyperbaric oxygen", "vitamin K",
    "palliative care", "other",
]  # fmt: skip
Mimic = Literal[
    "diabetic gangrene", "heparin-induced necrosis", "warfarin necrosis", "systemic sclerosis",
    "nephrogenic systemic fibrosis", "cholesterol emboli", "cellulitis", "cryoglobulinaemia", "hydroxyurea ulcer",
    "antiphospholipid syndrome", "low-temperature burn", "necrotising fasciitis", "varicose ulcer", "vasculitis",
    "arterial disease", "neuropathic ulcer", "traumatic ulcer", "diabetic ulcer", "thromboangiitis obliterans",
    "pyoderma gangrenosum", "hypertensive ischaemic ulcer", "livedoid vasculopathy", "oxalate vasculopathy",
    "purpura fulminans", "AL amyloidosis", "nicorandil ulcer", "breast carcinoma", "penile carcinoma",
    "penile infection", "skin carcinoma", "sepsis", "vascular calcification", "tumoral calcinosis",
    "calcinosis of dermatomyositis",
]  # fmt: skip
"""Other diseases that make such lesions or such calcium, or go with them: every disease of the differential."""

MIMIC_WORDS: Final[Mapping[str, str]] = {
    "diabetic foot ulcer": "diabetic ulcer",
    "heparin-induced thrombocytopenia": "heparin-induced necrosis",
    "heparin-induced thrombocytopaenia": "heparin-induced necrosis",
    "hit": "heparin-induced necrosis",
    "heparin necrosis": "heparin-induced necrosis",
    "warfarin skin necrosis": "warfarin necrosis",
    "warfarin-induced skin necrosis": "warfarin necrosis",
    "coumarin necrosis": "warfarin necrosis",
    "scleroderma": "systemic sclerosis",
    "nsf": "nephrogenic systemic fibrosis",
    "cholesterol embolism": "cholesterol emboli",
    "cholesterol embolisation": "cholesterol emboli",
    "cholesterol embolization": "cholesterol emboli",
    "erysipelas": "cellulitis",
    "wound infection": "cellulitis",
    "infection": "cellulitis",
    "cryoglobulinemia": "cryoglobulinaemia",
    "cryoglobulinaemic vasculitis": "cryoglobulinaemia",
    "cryoglobulinemic vasculitis": "cryoglobulinaemia",
    "hydroxycarbamide ulcer": "hydroxyurea ulcer",
    "aps": "antiphospholipid syndrome",
    "antiphospholipid antibody syndrome": "antiphospholipid syndrome",
    "burn": "low-temperature burn",
    "necrotizing fasciitis": "necrotising fasciitis",
    "fournier gangrene": "necrotising fasciitis",
    "fournier's gangrene": "necrotising fasciitis",
    "venous ulcer": "varicose ulcer",
    "venous leg ulcer": "varicose ulcer",
    "chronic venous disease": "varicose ulcer",
    "venous insufficiency": "varicose ulcer",
    "anca vasculitis": "vasculitis",
    "anca-associated vasculitis": "vasculitis",
    "polyarteritis nodosa": "vasculitis",
    "pad": "arterial disease",
    "peripheral arterial disease": "arterial disease",
    "peripheral artery disease": "arterial disease",
    "arterial ulcer": "arterial disease",
    "critical limb ischaemia": "arterial disease",
    "critical limb ischemia": "arterial disease",
    "limb ischaemia": "arterial disease",
    "limb ischemia": "arterial disease",
    "thromboangiitis": "thromboangiitis obliterans",
    "buerger disease": "thromboangiitis obliterans",
    "buerger's disease": "thromboangiitis obliterans",
    "pyoderma": "pyoderma gangrenosum",
    "martorell": "hypertensive ischaemic ulcer",
    "martorell ulcer": "hypertensive ischaemic ulcer",
    "hypertensive ischemic ulcer": "hypertensive ischaemic ulcer",
    "livedoid vasculitis": "livedoid vasculopathy",
    "oxalosis": "oxalate vasculopathy",
    "light chain amyloidosis": "AL amyloidosis",
    "breast cancer": "breast carcinoma",
    "inflammatory breast cancer": "breast carcinoma",
    "inflammatory breast carcinoma": "breast carcinoma",
    "inflammatory carcinoma": "breast carcinoma",
    "penile cancer": "penile carcinoma",
    "carcinoma of the penis": "penile carcinoma",
    "skin cancer": "skin carcinoma",
    "squamous cell carcinoma": "skin carcinoma",
    "marjolin ulcer": "skin carcinoma",
    "septicaemia": "sepsis",
    "septicemia": "sepsis",
    "septic shock": "sepsis",
    "calcinosis of renal failure": "tumoral calcinosis",
    "arterial calcification": "vascular calcification",
    "gas gangrene": "necrotising fasciitis",
    "necrotising soft tissue infection": "necrotising fasciitis",
    "necrotizing soft tissue infection": "necrotising fasciitis",
    "inflammatory carcinoma of the breast": "breast carcinoma",
    "carcinoma of the breast": "breast carcinoma",
    "infection of the penis": "penile infection",
    "necrotising fasciitis and sepsis": "necrotising fasciitis",
    "cellulitis and wound infection": "cellulitis",
    "necrosis by a vitamin k antagonist": "warfarin necrosis",
    "heparin-induced thrombocytopenia and necrosis": "heparin-induced necrosis",
    "arterial disease of the limb": "arterial disease",
    "neuropathic or diabetic ulcer": "neuropathic ulcer",
    "chronic venous disease and venous ulcer": "varicose ulcer",
    "ordinary calcification of arteries": "vascular calcification",
    "hypertensive ischaemic ulcer (martorell)": "hypertensive ischaemic ulcer",
    "ulcer after an injury": "traumatic ulcer",
    "carcinoma of the skin in an ulcer": "skin carcinoma",
    "al amyloidosis of the skin": "AL amyloidosis",
    "calcinosis of systemic sclerosis": "systemic sclerosis",
}
"""Other words for the diseases, in small letters, those of the differential among them.

A name that stands for two diseases is taken for the first: the other is still asked about."""

BESIDE: Final[frozenset[Mimic]] = frozenset(
    {"sepsis", "vascular calcification", "tumoral calcinosis", "calcinosis of dermatomyositis"}
)
"""Diseases that explain no skin lesion of this kind where they are found. Our choice: sepsis is a consequence as often
as a cause, and calcium elsewhere leaves the skin sound."""

TREATMENT_WORDS: Final[Mapping[str, str]] = {
    "sodium thiosulfate": "sodium thiosulphate",
    "thiosulphate": "sodium thiosulphate",
    "thiosulfate": "sodium thiosulphate",
    "sts": "sodium thiosulphate",
    "hbo": "hyperbaric oxygen",
    "hbot": "hyperbaric oxygen",
    "hyperbaric oxygen therapy": "hyperbaric oxygen",
    "antibiotic": "antibiotics",
    "antibiotic therapy": "antibiotics",
    "surgical debridement": "debridement",
    "dressings": "wound care",
    "analgesia": "pain control",
    "analgesics": "pain control",
    "pain relief": "pain control",
    "palliative": "palliative care",
    "palliation": "palliative care",
    "comfort care": "palliative care",
    "hospice": "palliative care",
    "hospice care": "palliative care",
}
"""Other words for the treatments."""

TREATMENT_STATUS_WORDS: Final[Mapping[str, str]] = {
    "done": "given",
    "ongoing": "given",
    "current": "given",
    "continued": "given",
    "completed": "given",
    "declined": "refused",
    "discontinued": "stopped",
    "ceased": "stopped",
}
"""Other words for how a treatment stands; a completed course was given."""

DRUG_STATUS_WORDS: Final[Mapping[str, str]] = {
    "ongoing": "taking",
    "current": "taking",
    "active": "taking",
    "continued": "taking",
    "discontinued": "stopped",
    "ceased": "stopped",
}
"""Other words for whether a drug is taken."""

MODALITY_WORDS: Final[Mapping[str, str]] = {
    "x-ray": "film", "xray": "film", "x ray": "film", "radiograph": "film", "plain film": "film",
    "plain radiograph": "film", "xr": "film", "ct scan": "CT", "computed tomography": "CT",
    "mammography": "mammogram", "scintigraphy": "bone scan", "bone scintigraphy": "bone scan",
    "bone scintigram": "bone scan", "scintigram": "bone scan", "us": "ultrasound", "uss": "ultrasound",
    "ultrasonography": "ultrasound", "sonography": "ultrasound", "doppler": "ultrasound", "duplex": "ultrasound",
    "mr": "MRI", "magnetic resonance imaging": "MRI",
}  # fmt: skip
"""Other words for the kinds of image."""

QUALITY_WORDS: Final[Mapping[str, str]] = {"poor": "limited", "bad": "limited", "inadequate": "limited"}
"""Other words for how good an image was."""

EXCLUSION_WORDS: Final[Mapping[str, str]] = {
    "ruled out": "excluded",
    "confirmed": "found",
    "diagnosed": "found",
    "present": "found",
    "absent": "excluded",
}
"""Other words for how the exclusion of a disease ended."""

OUTCOME_WORDS: Final[Mapping[str, str]] = {
    "dead": "died", "deceased": "died", "death": "died", "resolved": "healed", "cured": "healed",
    "improved": "improving", "better": "improving", "stable": "unchanged", "worsening": "worse",
    "progressing": "worse", "progressive": "worse", "deteriorating": "worse", "deteriorated": "worse",
}  # fmt: skip
"""Other words for how it went."""

INFECTIONS: Final[frozenset[Mimic]] = frozenset({"cellulitis", "necrotising fasciitis", "sepsis", "penile infection"})
"""Those that are infections: one of them is not found where none is suspected at the bedside."""

ExclusionStatus = Literal["excluded", "found", "treated"]


POWER_OF_TEN: Final = re.compile(r"^([\d.,]+)\s+(?=10\s?(?:\^|\*|[\u2070-\u209f\u00b2\u00b3\u00b9]|E))")
"""A number before a unit that begins with a power of ten: a sign belongs between them."""


class Drug(CaseBlock):
    """A drug, now or before."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"route": SYNONYMS, "status": DRUG_STATUS_WORDS}

    name: str
    """Generic or trade name, also as on the chart ("warfarin 3 mg od"); unknown names are shown as unknown."""
    status: Literal["taking", "stopped", "planned"] = "taking"
    """Whether it is taken now."""
    start: Day | None = None
    """First day."""
    stop: Day | None = None
    """Last day."""
    months: float | None = Field(default=None, ge=0, le=1200)
    """How long it has been taken, where the first day is not known."""
    daily_dose: str | None = None
    """Dose a day with its unit, for instance "0.25 ug"."""
    high_dose: bool | None = None
    """The prescriber calls the dose high (asked of calcium-phosphate binders)."""
    route: Literal["oral", "subcutaneous", "intravenous", "intraperitoneal", "intramuscular", "topical"] | None = None
    """How it is given."""

    @model_validator(mode="after")
    def _check_stop_after_start(self) -> Self:
        ordered(self.start, self.stop)
        return self


class Laboratory(CaseBlock):
    """One laboratory result, as printed."""

    model_config = ConfigDict(coerce_numbers_to_str=True)
    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "flag": {
            **dict.fromkeys(("high", "raised", "elevated", "increased"), "H"),
            **dict.fromkeys(("low", "reduced", "decreased"), "L"),
            "normal": "N",
        }
    }

    name: str
    """What was measured, for instance "adjusted calcium"."""
    value: str
    """As printed: a number, a number with its unit, "< 5", or a word such as "negative" or "normal"."""
    unit: str | None = None
    """As printed, where the value does not hold it."""
    unit_confirmed: str | None = None
    """The unit that a person has checked with the laboratory, where the printed one cannot be right."""
    value_confirmed: str | None = None
    """The value that a person has checked with the laboratory, where the printed one cannot be right."""
    low: float | None = None
    """Lower limit of the laboratory's own reference range, in the unit of the value."""
    high: float | None = None
    """Upper limit of the laboratory's own reference range, in the unit of the value."""
    flag: Literal["H", "L", "N"] | None = None
    """High, low or normal, as the laboratory printed it; stands above every range."""
    on: Day | None = None
    """Day of sampling."""

    @model_validator(mode="after")
    def _check_range_runs_upwards(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low lies above high")
        return self

    @property
    def as_given(self) -> str:
        """Value and unit as they were written; between two numbers stands a sign."""
        if self.unit is None:
            return POWER_OF_TEN.sub(r"\1 x ", self.value)
        if self.unit.startswith("10"):
            return f"{self.value} x {self.unit}"
        return f"{self.value} {self.unit}"


class Treatment(CaseBlock):
    """Something done, refused or planned for the disease."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "name": TREATMENT_WORDS,
        "status": TREATMENT_STATUS_WORDS,
        "route": SYNONYMS,
    }

    name: TreatmentName
    """What."""
    status: Literal["given", "refused", "planned", "stopped"] = "given"
    """Whether it was done."""
    drug: str | None = None
    """Which drug, for "drug stopped" and "drug changed"."""
    route: Literal["intravenous", "intraperitoneal", "intralesional", "oral", "topical"] | None = None
    """How it is given."""
    dose: str | None = None
    """Dose with its unit and how often, for instance "25 g three times a week"."""
    sessions: int | None = Field(default=None, ge=0, le=2000)
    """How many doses or sessions were given up to the day of examination."""
    reason: str | None = None
    """Why it was done, refused, planned or stopped; no name."""
    start: Day | None = None
    """First day."""
    stop: Day | None = None
    """Last day."""

    @model_validator(mode="after")
    def _check_stop_after_start(self) -> Self:
        ordered(self.start, self.stop)
        return self


class Procedure(CaseBlock):
    """Something in the past that can imitate or trigger the disease."""

    name: Literal["gadolinium", "vascular procedure", "surgery", "transfusion", "burn"]
    """What."""
    on: Day | None = None
    """Day."""


class Imaging(CaseBlock):
    """An earlier image as a person read it, so that it can be weighed without its file."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "modality": MODALITY_WORDS,
        "site": SITE_WORDS,
        "side": SIDE_WORDS,
        "quality": QUALITY_WORDS,
    }

    modality: Literal["film", "CT", "mammogram", "bone scan", "ultrasound", "MRI"]
    """What kind of image."""
    site: ImagedSite | None = None
    """Part of the body."""
    side: Side | None = None
    """L, R or B (both sides)."""
    contrast: bool | None = None
    """Contrast agent was given."""
    net_like: bool | None = None
    """A net-like pattern of fine calcification; "no" only where the image could have shown it."""
    vessels: tuple[CalibreClass, ...] | None = None
    """Calibres of calcified vessels; [] where none is calcified, left out where not stated."""
    vessel_calcium: bool | None = None
    """Calcium of vessels, where their calibres are not named."""
    soft_tissue_calcium: bool | None = None
    """Other calcium in soft tissue."""
    extent: Literal["little", "moderate", "extensive"] | None = None
    """How much calcium, in the reader's word."""
    uptake: bool | None = None
    """Bone scan: increased, heterogeneous uptake of soft tissue."""
    malignancy_suspected: bool | None = None
    """Mammogram: suspicious for cancer."""
    quality: Literal["good", "limited"] | None = None
    """Whether fine calcium could have been seen."""
    on: Day | None = None
    """Day."""


class Exclusion(CaseBlock):
    """Another disease that was thought of."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"name": MIMIC_WORDS, "status": EXCLUSION_WORDS}

    name: Mimic
    """Which."""
    excluded: bool | None = None
    """"yes" where it was excluded; "no" means that it was found and explains the lesion. Better write `status`."""
    status: ExclusionStatus | None = None
    """excluded; found, where it explains the lesion; treated, where it was there and has been treated."""

    @model_validator(mode="after")
    def _check_one_answer(self) -> Self:
        if self.excluded is None and self.status is None:
            raise ValueError("say of a disease whether it was excluded: status: excluded, found or treated")
        if self.excluded is not None and self.status is not None and self.excluded != (self.status == "excluded"):
            raise ValueError("excluded and status contradict each other")
        return self

    @property
    def state(self) -> ExclusionStatus:
        """What was said of it, whichever field said it."""
        if self.status is not None:
            return self.status
        if self.excluded:
            return "excluded"
        return "found"


class Outcome(CaseBlock):
    """How it went."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"state": OUTCOME_WORDS}

    state: Literal["healed", "improving", "unchanged", "worse", "died"]
    """Last known state."""
    cause: str | None = None
    """Cause of death."""
    on: Day | None = None
    """Day."""
    months_after_diagnosis: float | None = Field(default=None, ge=0, le=600)
    """How long after diagnosis, where the day is not known."""
