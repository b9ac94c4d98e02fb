"""Time lines of records made by hand: what is called, what is refused, what is left as it was entered."""

import pytest

from calcinet import follow
from calcinet.errors import BadInput
from calcinet.record import (
    DialysisRecord,
    Drug,
    Lab,
    Lesion,
    OutcomeRecord,
    PhotographRecord,
    TreatmentRecord,
    WoundRecord,
)
from tests.support.courses import film, film_without_size, visit


def find(timeline, name):
    (found,) = [quantity for quantity in timeline.quantities if quantity.name == name]
    return found


def test_records_stand_in_the_order_of_their_days_whatever_the_order_given():
    timeline = follow([visit("2026-03-01", film(2)), visit("2026-01-01", film(1))])

    assert [(record.number, record.on, record.day) for record in timeline.records] == [
        (1, "2026-01-01", 0),
        (2, "2026-03-01", 59),
    ]


def test_a_net_six_times_as_large_is_called_and_one_as_large_is_not():
    """Sixfold lies beyond the repeatability of a net (a factor of 3 either way), 1.02 within."""
    timeline = follow(
        [
            visit("2026-01-01", film(1)),
            visit("2026-02-01", film(2, area_cm2=10.2, interval=(8.4, 13.1))),
            visit("2026-03-01", film(3, area_cm2=60.0, interval=(48.0, 75.0))),
        ]
    )
    net = find(timeline, "net.area_cm2")

    assert [(change.from_, change.to, change.called) for change in net.changes] == [
        (0, 31, "none"),
        (31, 59, "up"),
        (0, 59, "up"),
    ]
    assert net.changes[0].smallest_detectable > net.changes[0].difference
    assert all("beyond the error of measurement" in change.because for change in net.changes)
    assert [point.interval95 for point in net.points] == [(8.0, 12.5), (8.4, 13.1), (48.0, 75.0)]


def test_nothing_on_one_day_is_no_number_to_compare():
    timeline = follow([visit("2026-01-01", film(1, area_cm2=0.0, interval=None)), visit("2026-02-01", film(2))])
    (change,) = find(timeline, "net.area_cm2").changes

    assert (change.called, change.smallest_detectable) == ("unknown", None)
    assert "nothing was marked on one of the days" in change.because


def test_scores_pain_and_results_are_shown_without_a_judgement():
    lesion = {"site": "leg", "side": "L", "kind": "ulcer", "label": "ulcer", "zone": "unknown", "acral": False}
    wound = {"label": "wound", "reference": "gould2021"}
    records = []
    for day, total, pain in (("2026-01-01", 30, 80), ("2026-02-01", 12, 10)):
        told = Lesion(**lesion, counts_japanese=True, area_cm2=7.0, wound=WoundRecord(total=total, **wound))
        lab = Lab(name="phosphate", analyte="phosphate", value=1.5, unit="mmol/L", as_given="1.5 mmol/L", on=day)
        records.append(visit(day, lesions=(told,), pain_vas=pain, labs=(lab,)))
    timeline = follow(records)

    for name in ("lesion.wound_score", "lesion.area_cm2", "pain.visual", "lab.phosphate"):
        (change,) = find(timeline, name).changes
        assert change.called == "unknown"
    assert find(timeline, "lesion.wound_score").changes[0].difference == -18


def test_areas_within_outlines_are_followed_by_the_days_of_their_photographs():
    """Of the second lesion of each record; a photograph without a day is of the day of its record, one without a ruler
    has no area.
    """
    place = {"side": "L", "kind": "ulcer", "label": "ulcer", "zone": "unknown", "acral": False, "counts_japanese": True}
    lesions = (Lesion(site="foot", **place), Lesion(site="leg", **place))
    outlined = PhotographRecord(id="photo-1", lesion=1, on="2025-12-30", area_cm2=12.0, area_interval95=(11.0, 13.1))
    without = PhotographRecord(id="photo-2", lesion=1)
    later = PhotographRecord(id="photo-1", lesion=1, area_cm2=9.0, area_interval95=(8.2, 9.9))
    timeline = follow(
        [
            visit("2026-01-01", lesions=lesions, photographs=(outlined, without)),
            visit("2026-02-01", lesions=lesions, photographs=(later,)),
        ]
    )
    area = find(timeline, "lesion.outlined_area_cm2")

    assert area.place == "leg"
    assert [(point.on, point.record, point.value, point.interval95) for point in area.points] == [
        ("2025-12-30", 1, 12.0, (11.0, 13.1)),
        ("2026-02-01", 2, 9.0, (8.2, 9.9)),
    ]
    assert [(change.difference, change.called) for change in area.changes] == [(-3.0, "unknown")]


def test_a_result_that_two_cases_repeat_is_one_point_and_a_limit_is_none():
    one = Lab(name="CRP", analyte="crp", value=40, unit="mg/L", as_given="40 mg/L", on="2026-01-01")
    limit = Lab(name="PTH", analyte="pth", value=1, unit="pmol/L", as_given="< 1 pmol/L", comparator="<")
    timeline = follow([visit("2026-01-01", labs=(one,)), visit("2026-02-01", labs=(one, limit))])

    assert len(find(timeline, "lab.crp").points) == 1
    assert [str(reason) for reason in timeline.not_compared] == ["PTH < 1 pmol/L: a limit is no point of a line"]


def test_courses_keep_stated_days_and_say_by_when_a_drug_was_stopped():
    on = Drug(name="warfarin", drug="warfarin", matters="it matters")
    off = Drug(name="warfarin", drug="warfarin", status="stopped", matters="it matters")
    given = {"name": "sodium thiosulphate", "label": "given", "dose": "25 g", "start": "2026-01-03"}
    before = DialysisRecord(kind="haemodialysis", dialysate_calcium_mmol_l=1.5)
    after = DialysisRecord(kind="haemodialysis", dialysate_calcium_mmol_l=1.25)
    timeline = follow(
        [
            visit("2026-01-01", drugs=(on,), dialysis=(before,)),
            visit(
                "2026-02-01",
                drugs=(off,),
                dialysis=(after,),
                treatments=(TreatmentRecord(status="given", sessions=12, **given),),
                outcome=OutcomeRecord(state="died", on="2026-02-20", label="died"),
            ),
        ]
    )
    drug, dialysis, *more = timeline.events

    assert (drug.seen, drug.stop, drug.ended_by) == (("2026-01-01",), None, "2026-02-01")
    assert dialysis.detail == "dialysate calcium 1.50 mmol/L"
    assert {event.kind: (event.start, str(event.detail)) for event in more if event.kind != "dialysis"} == {
        "treatment": ("2026-01-03", "25 g, 12 sessions"),
        "outcome": ("2026-02-20", ""),
    }


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ([visit("2026-01-01", film(1))], "two records or more"),
        ([visit("2026-01-01", film(1)), visit(None, film(2))], "record 2 has no day"),
        ([visit("2026-01-01", film(1)), visit("2026-01-01", film(2))], "are both of 1 January 2026"),
        ([visit("2026-01-01", sex="female"), visit("2026-02-01", sex="male")], "of two patients: one is female"),
        ([visit("2026-01-01", age_years=50), visit("2026-02-01", age_years=60)], "of two patients: 50 years old"),
        ([visit("2026-01-01", film(1)), visit("2026-02-01", film(2, side="R"))], "the other limb"),
        ([visit("2026-01-01", film(1)), visit("2026-02-01", film_without_size(2))], "has no pixel size"),
        ([visit("2026-01-01", film(1)), visit("2026-02-01", film(1))], "hold the same image"),
        (
            [
                visit("2026-01-01", outcome=OutcomeRecord(state="died", on="2026-01-10", label="died")),
                visit("2026-02-01", film(2)),
            ],
            "died before",
        ),
    ],
)
def test_records_that_are_no_course_are_refused_in_a_sentence(records, told):
    with pytest.raises(BadInput, match=told):
        follow(records)


def test_the_day_of_a_film_serves_where_the_case_has_none():
    timeline = follow([visit(None, film(1, on="2026-01-05")), visit("2026-02-01", film(2))])

    assert timeline.records[0].on == "2026-01-05"


def test_films_of_other_views_are_not_compared_and_it_is_said():
    timeline = follow([visit("2026-01-01", film(1)), visit("2026-02-01", film(2, view="lateral"))])

    assert not [quantity for quantity in timeline.quantities if quantity.name == "net.area_cm2"]
    assert ["views differ" in reason for reason in timeline.not_compared] == [True]
