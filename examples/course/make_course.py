"""A course of the case report's patient over four visits, generated; all after day 0 is invented.

python examples/course/make_course.py COURSE
for visit in 1 2 3 4; do
    calcinet examine COURSE/$visit/*.dcm --case COURSE/$visit/case.yaml -o COURSE/record-$visit --formats json
done
calcinet follow COURSE/record-* -o COURSE/timeline
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import yaml

from calcinet.io.dicom.writer import write_radiograph
from calcinet.io.scintigram.writer import write_scintigram
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body

CASE: Final = Path(__file__).resolve().parents[1] / "case-report" / "case.yaml"
CALVES: Final = (("lower leg", "L"), ("lower leg", "R"))
FILM_SEED: Final = 7


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What was found on one day."""

    on: str
    calf_uptake: float | None
    """Of both calves over other soft tissue; None: no bone scan."""
    shift_mm: tuple[float, float]
    angle_deg: float
    wound: tuple[int, ...]
    size_cm: tuple[float, float]
    pain: int
    labs: dict[str, str]
    sessions: int


VISITS: Final = (
    Visit(
        on="2026-03-02",
        calf_uptake=2.4,
        shift_mm=(0, 0),
        angle_deg=0,
        wound=(5, 4, 3, 3, 4, 2, 3, 5),
        size_cm=(12, 8),
        pain=88,
        labs={},
        sessions=0,
    ),
    Visit(
        on="2026-03-23",
        calf_uptake=None,
        shift_mm=(5, -3),
        angle_deg=4,
        wound=(5, 4, 3, 3, 4, 2, 3, 4),
        size_cm=(11.5, 8),
        pain=70,
        labs={"adjusted calcium": "2.51 mmol/L", "phosphate": "1.49 mmol/L", "CRP": "48 mg/L", "PTH": "58 pmol/L"},
        sessions=9,
    ),
    Visit(
        on="2026-04-13",
        calf_uptake=1.9,
        shift_mm=(-4, 2),
        angle_deg=-3,
        wound=(4, 3, 3, 3, 3, 2, 3, 4),
        size_cm=(10, 7),
        pain=52,
        labs={"adjusted calcium": "2.44 mmol/L", "phosphate": "1.42 mmol/L", "CRP": "31 mg/L", "PTH": "55 pmol/L"},
        sessions=18,
    ),
    Visit(
        on="2026-04-27",
        calf_uptake=1.5,
        shift_mm=(2, 4),
        angle_deg=2,
        wound=(4, 3, 5, 4, 3, 2, 3, 4),
        size_cm=(10, 7.5),
        pain=60,
        labs={"adjusted calcium": "2.39 mmol/L", "phosphate": "1.55 mmol/L", "CRP": "142 mg/L", "PTH": "51 pmol/L"},
        sessions=24,
    ),
)
ITEMS: Final = (
    "necrosis_kind", "necrosis_amount", "exudate_kind", "exudate_amount", "skin_around", "oedema", "induration",
    "granulation",
)  # fmt: skip


def write_case(visit: Visit, place: Path) -> None:
    """The case of the report with what this visit adds."""
    case = yaml.safe_load(CASE.read_text("utf-8"))
    case["examined_on"] = visit.on
    case["kidney"]["dialysis"] = [{"kind": "peritoneal", "start": "2022-02-10", "dialysate_calcium_mmol_l": 1.25}]
    ulcer = case["lesions"][0]
    ulcer |= {
        "size_cm": list(visit.size_cm),
        "wound": dict(zip(ITEMS, visit.wound, strict=True)),
        "since": "2026-02-01",
    }
    case["examination"]["pain_vas"] = visit.pain
    if visit.labs:
        case["labs"] = [{"name": name, "value": value, "on": visit.on} for name, value in visit.labs.items()]
    taking = {"name": "calcitriol", "daily_dose": "0.25 ug", "start": "2025-06-01"}
    if visit.sessions:
        taking |= {"status": "stopped", "stop": "2026-03-02"}
    case["drugs"].append(taking)
    case["treatments"] = [{"name": "amputation", "status": "refused"}, {"name": "wound care", "start": VISITS[0].on}]
    if visit.sessions:
        case["treatments"].append(
            {
                "name": "sodium thiosulphate", "route": "intravenous", "dose": "25 g three times a week",
                "start": "2026-03-03", "sessions": visit.sessions,
            }
        )  # fmt: skip
    del case["outcome"]
    if visit is VISITS[-1]:
        case["outcome"] = {"state": "died", "cause": "sepsis", "on": "2026-05-02"}
    (place / "case.yaml").write_text(yaml.safe_dump(case, sort_keys=False, allow_unicode=True), "utf-8")


def write_images(visit: Visit, number: int, place: Path) -> None:
    """The left calf on a film, unchanged in truth, and the bone scan of the day."""
    spec = random_spec(FILM_SEED, net=True, vessels=True, anatomy="lower leg")
    spec = replace(
        spec, letter="L", confounders=(), border="none", margin_mm=(0.0, 0.0), shift_mm=visit.shift_mm,
        angle_deg=visit.angle_deg,
    )  # fmt: skip
    write_radiograph(place / "film.dcm", limb(spec).image)
    if visit.calf_uptake is None:
        return
    scan = WholeBody(seed=number, person=31, counts=1.5e6, uptake=dict.fromkeys(CALVES, visit.calf_uptake))
    write_scintigram(place / "bone-scan.dcm", whole_body(scan).image)


def main(folder: Path) -> None:
    """Write the four visits."""
    for number, visit in enumerate(VISITS, 1):
        place = folder / str(number)
        place.mkdir(parents=True)
        write_case(visit, place)
        write_images(visit, number, place)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
