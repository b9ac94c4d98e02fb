"""Small yes-or-no questions about this patient: the words that rules and mimics are written in. None is not known."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, get_type_hints

from calcinet.clinical.body_sites import ACRAL, DISTAL, PROXIMAL, UPPER_LIMB
from calcinet.clinical.case import Examination, Lesion
from calcinet.clinical.derived import PTH_BAND, lost_weight
from calcinet.clinical.drugs import table
from calcinet.clinical.exposure import list_unread
from calcinet.clinical.history import INFECTIONS
from calcinet.clinical.ternary import Ternary, above, all_of, any_of, below, is_among, is_filled, share_any
from calcinet.evidence.arms import ARMS, has_lost_tissue, is_dead
from calcinet.evidence.blood_cells import BLOOD_CELLS
from calcinet.evidence.context import Fact, PatientContext, blood, condition, either, history, image, lesion
from calcinet.evidence.dangers import DANGERS, inr_high, penis_fits
from calcinet.evidence.drug_facts import (
    antagonist_dated,
    antagonist_long,
    antagonist_new,
    heparin,
    injected_into_skin,
    lesion_dated,
    taken,
    taking,
    undeclared,
)
from calcinet.evidence.limb_flow import index_below
from calcinet.evidence.other_causes import further_causes, known_causes, open_causes
from calcinet.evidence.people import (
    advanced_kidney_disease,
    child,
    explanations,
    found_diseases,
    pregnancy,
    transplant,
)
from calcinet.evidence.readings import Reading, venous_disease
from calcinet.evidence.result_age import list_old_results
from calcinet.evidence.thiosulphate import intraperitoneal_given, intraperitoneal_planned, thiosulphate
from calcinet.evidence.treatment_facts import TREATMENTS

LOW_INDEX: Final = 0.9
"""An ankle-brachial pressure index below this is abnormal. Our choice: the usual limit."""

WEIGHT_LOST_SHARE: Final = 0.05
"""From this share of the body weight, lost within six months, on. Our choice: the usual limit."""


def treated(name: str) -> Fact:
    """Whether a treatment is or was given; one that is not listed is not known."""

    def fact(situation: PatientContext) -> Ternary:
        entries = [entry.status for entry in situation.case.treatments if entry.name == name]
        return any(status in ("given", "stopped") for status in entries) if entries else None

    return fact


EARLY_LIKE_CELLULITIS: Final = frozenset(
    {"rash", "papule", "induration", "plaque", "haemorrhagic plaque", "nodule", "cellulitis-like erythema"}
)
"""Early lesions that are easily taken for cellulitis. [fine2002]"""


def _has_bedside_finding(name: str) -> Fact:
    return lambda situation: getattr(situation.case.examination, name)


def _has_pulses(*states: str) -> Fact:
    def fact(situation: PatientContext) -> Ternary:
        return is_among(situation.case.examination.peripheral_pulses, states)

    return fact


def _injects_into_skin(situation: PatientContext) -> Ternary:
    return above(situation.case.examination.subcutaneous_injections_per_day, 0)


def _has_ceap_4_to_6(situation: PatientContext) -> Ternary:
    ceap = situation.case.examination.ceap
    if ceap is None:
        return None
    return ceap >= "C4"


def _had_biopsy(**wanted: str) -> Fact:
    def fact(situation: PatientContext) -> Ternary:
        for biopsy in situation.case.pathology:
            if all(getattr(biopsy, key) == value for key, value in wanted.items()):
                return True
        return False

    return fact


GENITAL: Final = frozenset({"groin", "vulva"})
"""Groin, scrotum, perineum, vulva: there cancer and infection are looked for first, as on the penis. Our choice."""


def _is_dead_and_painful_there(item: Lesion) -> Ternary:
    return all_of([item.site in GENITAL, item.painful, is_dead(item)])


def _is_refractory_ulcer(item: Lesion) -> Ternary:
    return all_of([item.kind == "ulcer", item.refractory])


def _is_on_lower_leg(item: Lesion) -> bool:
    return item.site in ("lower leg", "ankle", "leg")


def _affects_both_lower_legs(situation: PatientContext) -> Ternary:
    """Whether both lower legs have a lesion, told together or one by one."""
    lesions = situation.case.lesions
    sides = [item.side for item in lesions or () if _is_on_lower_leg(item)]
    if "B" in sides or {"L", "R"} <= set(sides):
        return True
    if lesions is None or None in sides:
        return None
    return False


def _has_disturbed_coagulation(situation: PatientContext) -> Ternary:
    """Whether coagulation is disturbed; an anticoagulant prolongs the same times."""
    disturbed = either(blood("inr", "high"), blood("prothrombin_time", "high"), blood("aptt", "high"), inr_high)(
        situation
    )
    anticoagulants = ("vitamin_k_antagonist", "direct_anticoagulant", "heparin")
    treated = any(situation.assessment.taking(drug_class) for drug_class in anticoagulants)
    if disturbed and (treated or list_unread(situation.assessment)):
        return None
    return disturbed


def _has_low_pth(situation: PatientContext) -> Ternary:
    """Whether PTH is low; on dialysis, below the band that is aimed at, though it be above the limits of others."""
    flagged = blood("pth", "low")(situation)
    if not situation.case.kidney.on_dialysis:
        return any_of([flagged, None])
    return any_of([flagged, below(situation.assessment.value("pth_multiple"), PTH_BAND[0])])


def _has_lost_weight(situation: PatientContext) -> Ternary:
    """Whether much weight was lost, as told or by the weights; a loss over longer may or may not lie in six months."""
    stated, loss = situation.case.examination.rapid_weight_loss, lost_weight(situation.case)
    if loss is None or stated:
        return stated
    if loss.six_months_kg is not None and loss.six_months_kg >= WEIGHT_LOST_SHARE * (loss.last_kg + loss.six_months_kg):
        return True
    measured = loss.six_months_kg is not None and not loss.interpolated
    if measured or loss.kg < WEIGHT_LOST_SHARE * (loss.last_kg + loss.kg):
        return False
    return stated


def unshown(situation: PatientContext, sites: frozenset[str], modality: str) -> tuple[Lesion, ...]:
    """Lesions at `sites` that no image of a modality shows, in the order of the case."""
    suitable = []
    for reading in situation.readings:
        if reading.modality == modality and not (modality == "CT" and reading.contrast):
            suitable.append(reading)
    missing: list[Lesion] = []
    for item in situation.case.lesions or ():
        shown = any(reading.shows(item, None) and not _is_other_side(item, reading) for reading in suitable)
        if item.site in sites and not shown:
            missing.append(item)
    return tuple(missing)


def _is_other_side(item: Lesion, reading: Reading) -> bool:
    """Whether an image is of the one side and the lesion on the other."""
    return {item.side, reading.side} == {"L", "R"}


def unplaced_films(situation: PatientContext) -> tuple[Reading, ...]:
    """Films that could be examined and whose body part is not known: any of them may show what is looked for."""
    unplaced = []
    for reading in situation.readings:
        examined = reading.by_program or reading.id.startswith("imaging.")
        if reading.modality == "film" and examined and reading.site in (None, "unknown"):
            unplaced.append(reading)
    return tuple(unplaced)


def _lacks_film(situation: PatientContext) -> Ternary:
    """Whether an affected site was not seen on film; not known while a film may be of it."""
    missing = bool(unshown(situation, FILM_SITES, "film"))
    if missing and unplaced_films(situation):
        return None
    return missing


FILM_SITES: Final[frozenset[str]] = frozenset({*DISTAL, *UPPER_LIMB, "leg"})
CT_SITES: Final[frozenset[str]] = frozenset({*PROXIMAL, "leg"}) - {"breast", "penis"}
"""Where a film, and where a CT without contrast is looked at first; "leg" may be either part. [ng_case]"""


def _is_blind(reading: Reading) -> Ternary:
    return reading.blind


def _shows_calcium(reading: Reading) -> Ternary:
    return any_of([reading.net, is_filled(reading.vessels)])


def _shows_vessel(*classes: str) -> Fact:
    return image(lambda reading: share_any(reading.vessels, classes))


def _shows_several_calibres(reading: Reading) -> Ternary:
    if reading.vessels is None:
        return None
    return len(set(reading.vessels) - {"not resolvable"}) > 1


def _had_contrast_ct(reading: Reading) -> Ternary:
    if reading.modality != "CT":
        return False
    return reading.contrast


def _is_on_peritoneal_dialysis(situation: PatientContext) -> Ternary:
    kidney = situation.case.kidney
    if kidney.dialysis:
        return any(period.kind == "peritoneal" and period.stop is None for period in kidney.dialysis)
    return kidney.on_dialysis and None


def _has_normal_kidneys(situation: PatientContext) -> Ternary:
    return is_among(situation.case.kidney.stage, ("normal",))


def _has_no_infection(situation: PatientContext) -> Ternary:
    """Whether infection was looked for and not found; never where one was named as the explanation."""
    suspected = situation.case.examination.infection_suspected
    if not found_diseases(situation.case).isdisjoint(INFECTIONS):
        return False
    if suspected is None:
        return None
    return not suspected


def _is_in_question(situation: PatientContext) -> Ternary:
    """Whether calciphylaxis is proven, or failing kidneys and a painful, dead lesion bring it up."""
    fitting = lesion(lambda item: all_of([item.painful, is_dead(item)]))
    brought_up = all_of([advanced_kidney_disease(situation), fitting(situation)])
    return any_of([_had_biopsy(status="done", result="positive")(situation), brought_up, penis_fits(situation)])


FACTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        **{name: _has_bedside_finding(name) for name, kind in get_type_hints(Examination).items() if kind == Ternary},
        "infection_not_found": _has_no_infection,
        "explanation_found": lambda s: bool(explanations(s.case)),
        "venous_disease": lambda s: venous_disease(s.case),
        "rapid_weight_loss": _has_lost_weight,
        # The skin
        "lesions": lambda s: is_filled(s.case.lesions),
        "acral": lesion(lambda item: item.site in ACRAL),
        "not_only_acral": lesion(lambda item: item.site not in ACRAL),
        "proximal": lesion(lambda item: item.site in PROXIMAL),
        "distal": lesion(lambda item: item.site in DISTAL),
        "neither_acral_nor_penis": lesion(lambda item: item.site not in {*ACRAL, "penis"}),
        "penis": lesion(lambda item: item.site == "penis"),
        "breast": lesion(lambda item: item.site == "breast"),
        "foot": lesion(lambda item: item.site in ("foot", "toe")),
        "breast_buttock_thigh": lesion(lambda item: item.site in ("breast", "buttock", "thigh")),
        "lower_leg": lesion(_is_on_lower_leg),
        "both_lower_legs": _affects_both_lower_legs,
        "ankle": lesion(lambda item: item.site == "ankle"),
        "painful": lesion(lambda item: item.painful),
        "necrotic": lesion(is_dead),
        "ulcer": lesion(lambda item: item.kind == "ulcer"),
        "purpura": lesion(lambda item: item.kind in ("purpura", "retiform purpura")),
        "livedo": lesion(lambda item: item.kind in ("livedo", "reticular erythema")),
        "retiform_purpura": lesion(lambda item: item.kind == "retiform purpura"),
        "refractory_ulcer": lesion(_is_refractory_ulcer),
        "foot_or_toe": lesion(lambda item: item.site in ("foot", "toe")),
        "early_lesion": lesion(lambda item: item.kind in EARLY_LIKE_CELLULITIS),
        "mimics_excluded": lambda s: s.case.all_mimics_excluded,
        "lesion_at_injection_site": lesion(lambda item: item.injection_site),
        # The patient
        "on_haemodialysis": lambda s: s.case.kidney.on_haemodialysis,
        "on_dialysis": lambda s: s.case.kidney.on_dialysis,
        "peritoneal_dialysis": _is_on_peritoneal_dialysis,
        "normal_kidneys": _has_normal_kidneys,
        "advanced_kidney_disease": advanced_kidney_disease,
        "transplant": transplant,
        "child": child,
        "pregnancy": pregnancy,
        "in_question": _is_in_question,
        "cause_known": lambda s: bool(known_causes(s)),
        "further_cause_known": lambda s: bool(further_causes(s)),
        "other_cause_open": lambda s: bool(open_causes(s)),
        "primary_hyperparathyroidism": condition("primary hyperparathyroidism"),
        "diabetes": condition("diabetes mellitus"),
        "hypertension": condition("hypertension"),
        "atrial_fibrillation": condition("atrial fibrillation"),
        "bowel_disease_or_malignancy": condition("inflammatory bowel disease", "malignancy"),
        "systemic_sclerosis": condition("systemic sclerosis"),
        "dermatomyositis": condition("dermatomyositis"),
        "arterial_disease": condition("peripheral arterial disease"),
        "malignancy": condition("malignancy"),
        "breast_cancer_known": condition("breast cancer"),
        "penile_cancer_known": condition("penile carcinoma"),
        "al_amyloidosis": condition("AL amyloidosis"),
        "vasculitis": condition("vasculitis"),
        "cryoglobulinaemia": condition("cryoglobulinaemia"),
        "vasculitis_known": condition("vasculitis", "cryoglobulinaemia"),
        "antiphospholipid_syndrome_known": condition("antiphospholipid syndrome"),
        "oxalate": condition("hyperoxaluria"),
        "gadolinium": history("gadolinium"),
        "vascular_procedure": history("vascular procedure"),
        "burn": history("burn"),
        "foot_wound": lesion(lambda item: all_of([item.site in ("foot", "toe"), has_lost_tissue(item)])),
        "foot_gangrene": lesion(lambda item: all_of([item.site in ("foot", "toe"), is_dead(item)])),
        "pulses_stated": lambda s: s.case.examination.peripheral_pulses is not None,
        "pulses_present": _has_pulses("present"),
        "pulses_weak": _has_pulses("reduced", "absent"),
        "low_pressure_index": index_below(LOW_INDEX),
        "index_measured": lambda s: s.case.examination.ankle_brachial_index is not None,
        "ceap_4_to_6": _has_ceap_4_to_6,
        **ARMS,
        **DANGERS,
        **BLOOD_CELLS,
        "old_result": lambda s: bool(list_old_results(s)),
        "genital": lesion(lambda item: item.site in GENITAL),
        "genital_fits": lambda s: all_of([advanced_kidney_disease(s), lesion(_is_dead_and_painful_there)(s)]),
        "genital_gangrene": lesion(lambda item: all_of([item.site in {*GENITAL, "penis"}, item.kind == "gangrene"])),
        # The blood
        "albumin_low": blood("albumin", "low"),
        "white_cells_high": blood("white_cells", "high"),
        "crp_high": blood("crp", "high"),
        "procalcitonin_high": blood("procalcitonin", "high"),
        "lactate_high": blood("lactate", "high"),
        "culture_positive": either(blood("blood_culture", "positive"), blood("wound_culture", "positive")),
        "pth_low": _has_low_pth,
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
        "coagulation_disturbed": _has_disturbed_coagulation,
        # Drugs and treatment
        **{key: taking(key) for key in table().classes},
        "heparin": heparin,
        "subcutaneous_injection": either(injected_into_skin, _injects_into_skin),
        "antagonist_ever": taken("vitamin_k_antagonist"),
        "antagonist_new": antagonist_new,
        "antagonist_long": antagonist_long,
        "antagonist_dated": antagonist_dated,
        "lesion_dated": lesion_dated,
        "stopped_drug_not_listed": lambda s: bool(undeclared(s)),
        "thiosulphate": thiosulphate,
        "intraperitoneal_planned": intraperitoneal_planned,
        "intraperitoneal_given": intraperitoneal_given,
        **TREATMENTS,
        "thiosulphate_given": treated("sodium thiosulphate"),
        "debridement": treated("debridement"),
        "biopsy_done": _had_biopsy(status="done"),
        "biopsy_declined": _had_biopsy(status="declined"),
        "biopsy_positive": _had_biopsy(status="done", result="positive"),
        "biopsy_indeterminate": _had_biopsy(status="done", result="indeterminate"),
        "biopsy_negative": _had_biopsy(status="done", result="negative"),
        # The images
        "images": lambda s: bool(s.readings),
        "net": image(lambda reading: reading.net),
        "calcium": image(_shows_calcium),
        "soft_tissue_calcium": image(lambda reading: any_of([reading.net, reading.soft_tissue])),
        "large_vessels": _shows_vessel("large", "medium"),
        "small_vessels": _shows_vessel("small", "arteriole"),
        "several_calibres": image(_shows_several_calibres),
        "cannot_tell": image(_is_blind),
        "contrast_ct": image(_had_contrast_ct),
        "bone_scan_positive": image(lambda reading: reading.uptake),
        "bone_scan_done": lambda s: any(reading.modality == "bone scan" for reading in s.readings),
        "mammogram_done": lambda s: any(reading.modality == "mammogram" for reading in s.readings),
        "malignancy_suspected": image(lambda reading: reading.malignancy_suspected),
        "film_missing": _lacks_film,
        "ct_missing": lambda s: bool(unshown(s, CT_SITES, "CT")),
    }
)
"""By name; those of the bedside have the names that the case file gives them."""
