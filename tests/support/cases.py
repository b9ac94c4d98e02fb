"""Cases as criteria see them: a lesion in full, dialysis, results."""

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case

ULCER = {"site": "lower leg", "side": "B", "kind": "ulcer", "necrotic": True}
FULL = {**ULCER, "painful": True, "purpura_around": True, "refractory": True}
DIALYSIS = {"stage": "5D", "dialysis": [{"kind": "haemodialysis", "years": 2}]}
LOW_PROTEIN_C = {"name": "protein C", "value": "38 %", "low": 70}
POSITIVE = {"status": "done", "result": "positive"}
HISTOLOGY = {"status": "done", "necrosis_or_ulcer": True, "vessels_calcified": True, "intima_narrowed": True}


def scheme(name: str, **parts):
    return assess(Case.model_validate(parts)).criteria[name]


def japanese(**parts):
    return scheme("japanese_2012", **parts)


def chinese(**parts):
    return scheme("chinese_three_level", **parts)
