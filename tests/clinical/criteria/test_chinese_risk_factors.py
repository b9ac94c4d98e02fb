"""Risk factors of the Chinese scheme, each with its limit."""

import pytest

from tests.support.cases import LOW_PROTEIN_C, chinese

ALL = {"drugs_complete": True}
LESION = {"examined_on": "2026-11-01", "lesions": [{"site": "lower leg", "kind": "ulcer", "since": "2026-09-20"}]}


@pytest.mark.parametrize(
    ("factor", "parts", "met"),
    [
        ("major_dialysis_over_5_years", {"kidney": {"dialysis": [{"kind": "peritoneal", "years": 5.1}]}}, True),
        ("major_dialysis_over_5_years", {"kidney": {"dialysis": [{"kind": "peritoneal", "years": 5}]}}, False),
        ("minor_dialysis_under_5_years", {"kidney": {"dialysis": [{"kind": "peritoneal", "years": 4}]}}, True),
        ("minor_dialysis_under_5_years", {"kidney": {"stage": "normal"}}, False),
        ("minor_dialysis_under_5_years", {"kidney": {"stage": "5D"}}, None),
        ("major_long_term_warfarin", {"drugs": [{"name": "phenprocoumon", "months": 12}]}, True),
        ("major_long_term_warfarin", {"drugs": [{"name": "warfarin", "months": 1}]}, None),
        ("major_long_term_warfarin", {**ALL, "drugs": [{"name": "warfarin", "months": 1}]}, False),
        ("major_long_term_warfarin", {"drugs": [{"name": "warfarin"}]}, None),
        ("major_long_term_warfarin", {"drugs": []}, None),
        ("major_long_term_warfarin", {**ALL, "drugs": []}, False),
        ("major_long_term_warfarin", {**ALL, "drugs": [{"name": "sevelamer"}]}, False),
        ("major_long_term_warfarin", {**ALL, "drugs": [{"name": "zzyzx"}]}, None),
        (
            "major_long_term_warfarin",
            {**ALL, "drugs": [{"name": "warfarin", "months": 40, "status": "planned"}]},
            False,
        ),
        ("major_long_term_warfarin", {"drugs": [{"name": "warfarin", "months": 40, "status": "planned"}]}, None),
        ("major_long_term_warfarin", {}, None),
        ("major_high_dose_binder", {"drugs": [{"name": "calcium acetate", "months": 7, "high_dose": True}]}, True),
        ("major_high_dose_binder", {"drugs": [{"name": "calcium acetate", "months": 7}]}, None),
        (
            "major_high_dose_binder",
            {**ALL, "drugs": [{"name": "calcium acetate", "months": 6, "high_dose": True}]},
            False,
        ),
        ("major_active_vitamin_d", {"drugs": [{"name": "calcitriol", "daily_dose": "0.51 mcg"}]}, True),
        ("major_active_vitamin_d", {**ALL, "drugs": [{"name": "calcitriol", "daily_dose": "500 ng"}]}, False),
        ("major_active_vitamin_d", {"drugs": [{"name": "calcitriol"}]}, None),
        (
            "major_active_vitamin_d",
            {"drugs": [], "treatments": [{"name": "drug stopped", "drug": "calcitriol"}]},
            None,
        ),
        (
            "major_active_vitamin_d",
            {**ALL, "drugs": [], "treatments": [{"name": "drug stopped", "drug": "warfarin"}]},
            None,
        ),
        ("major_protein_c_or_s_deficiency", {"labs": [{"name": "protein S", "value": "low"}]}, True),
        ("major_protein_c_or_s_deficiency", {"labs": [{"name": "protein C", "value": "normal"}]}, None),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C]}, True),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C], "drugs": [{"name": "warfarin"}]}, None),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C], "drugs": [{"name": "zzyzx"}]}, None),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C], "conditions": [{"name": "cirrhosis"}]}, None),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C], "conditions": [{"name": "Sepsis"}]}, None),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C], "conditions": [{"name": "pregnancy"}]}, None),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C], "examination": {"septic_shock": True}}, None),
        (
            "major_protein_c_or_s_deficiency",
            {"labs": [LOW_PROTEIN_C], "conditions": [{"name": "liver disease", "present": False}]},
            True,
        ),
        ("major_pth_over_1000", {"labs": [{"name": "PTH", "value": "1001 pg/mL"}]}, True),
        ("major_pth_over_1000", {"labs": [{"name": "PTH", "value": "106 pmol/L"}]}, False),
        ("major_pth_over_1000", {"labs": [{"name": "PTH", "value": "> 1200 pg/mL"}]}, True),
        ("minor_pth_under_300", {"labs": [{"name": "PTH", "value": "< 5 pg/mL"}]}, True),
        ("minor_pth_under_300", {"labs": [{"name": "PTH", "value": "300 pg/mL"}]}, False),
        ("minor_pth_under_300", {"labs": [{"name": "PTH", "value": "< 400 pg/mL"}]}, None),
        ("minor_obesity", {"patient": {"height_cm": 160, "weights": [{"kg": 76.8}]}}, True),
        ("minor_obesity", {"patient": {"height_cm": 160, "weights": [{"kg": 76.7}]}}, False),
        ("minor_diabetes", {"conditions": [{"name": "ennui"}]}, None),
        ("minor_diabetes", {"conditions": [{"name": "T2DM"}]}, True),
        ("minor_diabetes", {"conditions": [{"name": "Diabetes"}]}, True),
        ("minor_diabetes", {"conditions": [{"name": "diabetes", "present": False}]}, False),
        ("minor_diabetes", {"conditions": []}, False),
        ("minor_low_albumin", {"labs": [{"name": "albumin", "value": "34.9 g/L"}]}, True),
        ("minor_high_calcium", {"labs": [{"name": "calcium", "value": "2.4 mmol/L"}]}, False),
        ("minor_high_phosphate", {"labs": [{"name": "phosphate", "value": "64 pml/L", "flag": "H"}]}, True),
        ("minor_subcutaneous_insulin_or_heparin", {"drugs": [{"name": "Lantus"}]}, True),
        ("minor_subcutaneous_insulin_or_heparin", {"drugs": [{"name": "heparin"}]}, None),
        ("minor_subcutaneous_insulin_or_heparin", {"drugs": [{"name": "heparin", "route": "intravenous"}]}, None),
        (
            "minor_subcutaneous_insulin_or_heparin",
            {**ALL, "drugs": [{"name": "heparin", "route": "intravenous"}]},
            False,
        ),
        ("minor_subcutaneous_insulin_or_heparin", {**ALL, "drugs": [{"name": "enoxaparin"}]}, None),
        (
            "minor_subcutaneous_insulin_or_heparin",
            {"drugs": [{"name": "enoxaparin"}], "kidney": {"stage": "normal"}},
            True,
        ),
        (
            "minor_subcutaneous_insulin_or_heparin",
            {**ALL, **LESION, "drugs": [{"name": "Lantus", "start": "2005-01-01", "stop": "2008-01-01"}]},
            False,
        ),
        ("major_long_term_warfarin", {**ALL, **LESION, "drugs": [{"name": "warfarin", "start": "2026-08-01"}]}, False),
        ("major_long_term_warfarin", {**ALL, **LESION, "drugs": [{"name": "warfarin", "start": "2026-10-01"}]}, False),
        (
            "major_long_term_warfarin",
            {**LESION, "drugs": [{"name": "warfarin", "start": "2020-01-01", "stop": "2026-03-01"}]},
            True,
        ),
        ("minor_dialysis_under_5_years", {"kidney": {"stage": "3", "transplant": True}}, None),
        ("minor_subcutaneous_insulin_or_heparin", {"drugs": [{"name": "heparin", "route": "subcutaneous"}]}, True),
        ("minor_long_term_immunosuppression", {"drugs": [{"name": "prednisolone", "months": 4}]}, True),
    ],
)
def test_each_factor_has_its_limit(factor, parts, met):
    """More than 5 years, 6 months, 0.5 ug, 1000 pg/mL; less than 300 pg/mL; BMI from 30; unknown stays unknown."""
    assert chinese(**parts).items[factor].met is met
