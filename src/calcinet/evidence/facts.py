"""Small yes-or-no questions about this patient: the words that rules and mimics are written in. None is not known."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, get_type_hints

from calcinet.clinical.bodychart import ACRAL, DISTAL, PROXIMAL, UPPER_LIMB
from calcinet.clinical.case import Examination, Lesion
from calcinet.clinical.drugs import table
from calcinet.clinical.logic import Known, any_of
from calcinet.evidence.readings import Reading, venous_disease
from calcinet.evidence.situation import (
    Fact,
    Situation,
    blood,
    condition,
    either,
    history,
    image,
    lesion,
    taking,
)

LOW_INDEX: Final = 0.9
"""An ankle-brachial pressure index below this is abnormal. Our choice: the usual limit."""

FEVER_C: Final = 38.0
"""From this body temperature on an infection is asked about. Our choice: the usual limit."""

WARFARIN_DAYS: Final = (3, 10)
"""Days after its start on which a vitamin K antagonist makes necrosis of its own. [warfarin_necrosis]"""

LONG_MONTHS: Final = 2.0
"""From this time on a vitamin K antagonist is no longer new. Our choice: necrosis of its own comes in days, and in
calciphylaxis it has been taken for months to years. [warfarin_necrosis]"""


def _bedside(name: str) -> Fact:
    return lambda situation: getattr(situation.case.examination, name)


def _pulses(*states: str) -> Fact:
    def fact(situation: Situation) -> Known:
        pulses = situation.case.examination.peripheral_pulses
        return None if pulses is None else pulses in states

    return fact


def _low_index(situation: Situation) -> Known:
    index = situation.case.examination.ankle_brachial_index
    return None if index is None else index < LOW_INDEX


def _fever(situation: Situation) -> Known:
    celsius = situation.case.examination.temperature_c
    return None if celsius is None else celsius >= FEVER_C


def _ceap_4_to_6(situation: Situation) -> Known:
    ceap = situation.case.examination.ceap
    return None if ceap is None else ceap >= "C4"


def _antagonist_new(situation: Situation) -> Known:
    days = antagonist_days(situation)
    return None if days is None else WARFARIN_DAYS[0] <= days <= WARFARIN_DAYS[1]


def _antagonist_long(situation: Situation) -> Known:
    months = [drug.months for drug in situation.assessment.taking("vitamin_k_antagonist") if drug.months is not None]
    return max(months) >= LONG_MONTHS if months else None


def antagonist_days(situation: Situation) -> int | None:
    """Days since a vitamin K antagonist was started."""
    days = [drug.days_since_start for drug in situation.assessment.taking("vitamin_k_antagonist")]
    return min((day for day in days if day is not None), default=None)


def _biopsy(**wanted: str) -> Fact:
    def fact(situation: Situation) -> Known:
        return any(all(getattr(one, key) == value for key, value in wanted.items()) for one in situation.case.pathology)

    return fact


def _treatment(name: str, route: str | None = None) -> Fact:
    def fact(situation: Situation) -> Known:
        return any(item.name == name and route in (None, item.route) for item in situation.case.treatments)

    return fact


def _necrotic(item: Lesion) -> Known:
    return True if item.kind in ("eschar", "gangrene") else item.necrotic


def undeclared(situation: Situation) -> tuple[str, ...]:
    """Drugs that were stopped or changed and are missing from the list of drugs."""
    listed = {drug.drug or drug.name for drug in situation.assessment.drugs}
    stopped = (item.drug for item in situation.case.treatments if item.name in ("drug stopped", "drug changed"))
    return tuple(dict.fromkeys(drug for drug in stopped if drug and drug not in listed))


def unshown(situation: Situation, sites: frozenset[str], modality: str) -> tuple[str, ...]:
    """Affected sites among `sites` that no image of a modality shows, in the order of the case."""
    of_kind = [r for r in situation.readings if r.modality == modality and not (modality == "CT" and r.contrast)]
    missing = [
        item.site
        for item in situation.case.lesions or ()
        if item.site in sites and not any(reading.shows(item, None) for reading in of_kind)
    ]
    return tuple(dict.fromkeys(missing))


FILM_SITES: Final[frozenset[str]] = frozenset({*DISTAL, *UPPER_LIMB, "leg"})
CT_SITES: Final[frozenset[str]] = frozenset({*PROXIMAL, "leg"}) - {"breast", "penis"}
"""Where a film, and where a CT without contrast is looked at first; "leg" may be either part. [ng_case]"""


def _blind(reading: Reading) -> Known:
    return reading.blind


def _seen_calcium(reading: Reading) -> Known:
    return any_of([reading.net, None if reading.vessels is None else bool(reading.vessels)])


def _vessel(*classes: str) -> Fact:
    return image(lambda r: None if r.vessels is None else any(kind in classes for kind in r.vessels))


def _several_calibres(reading: Reading) -> Known:
    return None if reading.vessels is None else len(set(reading.vessels) - {"not resolvable"}) > 1


def _contrast_ct(reading: Reading) -> Known:
    return False if reading.modality != "CT" else reading.contrast


FACTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        **{name: _bedside(name) for name, kind in get_type_hints(Examination).items() if kind == Known},
        "venous_disease": lambda s: venous_disease(s.case),
        # The skin
        "lesions": lambda s: None if s.case.lesions is None else bool(s.case.lesions),
        "acral": lesion(lambda item: item.site in ACRAL),
        "not_only_acral": lesion(lambda item: item.site not in ACRAL),
        "proximal": lesion(lambda item: item.site in PROXIMAL),
        "distal": lesion(lambda item: item.site in DISTAL),
        "neither_acral_nor_penis": lesion(lambda item: item.site not in {*ACRAL, "penis"}),
        "penis": lesion(lambda item: item.site == "penis"),
        "breast": lesion(lambda item: item.site == "breast"),
        "breast_buttock_thigh": lesion(lambda item: item.site in ("breast", "buttock", "thigh")),
        "lower_leg": lesion(lambda item: item.site in ("lower leg", "ankle", "leg")),
        "ankle": lesion(lambda item: item.site == "ankle"),
        "both_sides": lesion(lambda item: None if item.side is None else item.side == "B"),
        "painful": lesion(lambda item: item.painful),
        "necrotic": lesion(_necrotic),
        "ulcer": lesion(lambda item: item.kind == "ulcer"),
        "purpura": lesion(lambda item: item.kind in ("purpura", "retiform purpura")),
        "livedo": lesion(lambda item: item.kind in ("livedo", "reticular erythema")),
        "retiform_purpura": lesion(lambda item: item.kind == "retiform purpura"),
        "early_lesion": lesion(lambda item: item.kind in ("induration", "plaque", "nodule")),
        "mimics_excluded": lambda s: s.case.all_mimics_excluded,
        "lesion_at_injection_site": lesion(lambda item: item.injection_site),
        # The patient
        "on_dialysis": lambda s: s.case.kidney.on_dialysis,
        "peritoneal_dialysis": lambda s: (
            any(period.kind == "peritoneal" and period.stop is None for period in s.case.kidney.dialysis)
            if s.case.kidney.dialysis
            else s.case.kidney.on_dialysis and None
        ),
        "normal_kidneys": lambda s: None if s.case.kidney.stage is None else s.case.kidney.stage == "normal",
        "diabetes": condition("diabetes mellitus"),
        "hypertension": condition("hypertension"),
        "atrial_fibrillation": condition("atrial fibrillation"),
        "bowel_disease_or_malignancy": condition("inflammatory bowel disease", "malignancy"),
        "systemic_sclerosis": condition("systemic sclerosis"),
        "dermatomyositis": condition("dermatomyositis"),
        "arterial_disease": condition("peripheral arterial disease"),
        "vasculitis_known": condition("vasculitis", "cryoglobulinaemia"),
        "antiphospholipid_syndrome_known": condition("antiphospholipid syndrome"),
        "oxalate": condition("hyperoxaluria"),
        "gadolinium": history("gadolinium"),
        "vascular_procedure": history("vascular procedure"),
        "burn": history("burn"),
        "pulses_present": _pulses("present"),
        "pulses_weak": _pulses("reduced", "absent"),
        "low_pressure_index": _low_index,
        "fever": _fever,
        "ceap_4_to_6": _ceap_4_to_6,
        # The blood
        "white_cells_high": blood("white_cells", "high"),
        "crp_high": blood("crp", "high"),
        "pth_low": blood("pth", "low"),
        "autoimmune_positive": either(blood("anca", "positive"), blood("cryoglobulins", "positive")),
        "anca_positive": blood("anca", "positive"),
        "cryoglobulins_positive": blood("cryoglobulins", "positive"),
        "ana_positive": blood("ana", "positive"),
        "creatine_kinase_high": blood("creatine_kinase", "high"),
        "myositis_antibodies_positive": blood("myositis_antibodies", "positive"),
        "lupus_anticoagulant": blood("lupus_anticoagulant", "positive"),
        "antiphospholipid_antibodies": either(
            blood("anticardiolipin", "positive"), blood("beta2_glycoprotein", "positive")
        ),
        "protein_c_or_s_low": either(blood("protein_c", "low"), blood("protein_s", "low")),
        "coagulation_disturbed": either(blood("inr", "high"), blood("prothrombin_time", "high"), blood("aptt", "high")),
        # Drugs and treatment
        **{key: taking(key) for key in table().classes},
        "antagonist_new": _antagonist_new,
        "antagonist_long": _antagonist_long,
        "stopped_drug_not_listed": lambda s: bool(undeclared(s)),
        "thiosulphate": _treatment("sodium thiosulphate"),
        "intraperitoneal_thiosulphate": _treatment("sodium thiosulphate", "intraperitoneal"),
        "biopsy_done": _biopsy(status="done"),
        "biopsy_declined": _biopsy(status="declined"),
        "biopsy_positive": _biopsy(status="done", result="positive"),
        "biopsy_negative": _biopsy(status="done", result="negative"),
        # The images
        "images": lambda s: bool(s.readings),
        "net": image(lambda reading: reading.net),
        "calcium": image(_seen_calcium),
        "soft_tissue_calcium": image(lambda reading: any_of([reading.net, reading.soft_tissue])),
        "large_vessels": _vessel("large", "medium"),
        "small_vessels": _vessel("small", "arteriole"),
        "several_calibres": image(_several_calibres),
        "cannot_tell": image(_blind),
        "contrast_ct": image(_contrast_ct),
        "bone_scan_positive": image(lambda reading: reading.uptake),
        "bone_scan_done": lambda s: any(reading.modality == "bone scan" for reading in s.readings),
        "mammogram_done": lambda s: any(reading.modality == "mammogram" for reading in s.readings),
        "malignancy_suspected": image(lambda reading: reading.malignancy_suspected),
        "film_missing": lambda s: bool(unshown(s, FILM_SITES, "film")),
        "ct_missing": lambda s: bool(unshown(s, CT_SITES, "CT")),
    }
)
"""By name; those of the bedside have the names that the case file gives them."""
