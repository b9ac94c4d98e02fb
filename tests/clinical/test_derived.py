"""Numbers that follow from others, done on paper."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case


def derived(**parts):
    return {entry.name: entry for entry in assess(Case.model_validate(parts)).derived}


def results(**values):
    return [{"name": name.replace("_", " "), "value": value} for name, value in values.items()]


@pytest.mark.parametrize(
    ("calcium", "albumin", "adjusted"),
    [("2.31 mmol/L", "28 g/L", 2.55), ("9.6 mg/dL", "2.6 g/dL", 2.6753), ("2.40 mmol/L", "45 g/L", 2.30)],
)
def test_calcium_is_adjusted_for_albumin(calcium, albumin, adjusted):
    """2.31 + 0.02 x (40 - 28) = 2.55; 9.6 mg/dL is 2.3952, and 0.02 x 14 = 0.28 more."""
    found = derived(labs=results(calcium=calcium, albumin=albumin))

    assert found["adjusted_calcium"].value == pytest.approx(adjusted, abs=2e-4)


@given(calcium=st.floats(1.3, 4.4), albumin=st.floats(10, 60))
def test_both_formulas_agree(calcium, albumin):
    """Ca + 0.8 x (4.0 - albumin in g/dL) in mg/dL is the same within 0.2 % of the change."""
    found = derived(labs=results(calcium=f"{calcium:.4f} mmol/L", albumin=f"{albumin:.3f} g/L"))["adjusted_calcium"]

    american = (float(f"{calcium:.4f}") / 0.2495 + 0.8 * (4.0 - float(f"{albumin:.3f}") / 10)) * 0.2495
    assert found.value == pytest.approx(american, abs=0.003)


def test_adjusted_calcium_is_never_adjusted_again():
    """Albumin of 20 g/L would add 0.4 mmol/L to what holds it already."""
    found = derived(labs=results(adjusted_calcium="2.67 mmol/L", albumin="20 g/L", calcium="2.27 mmol/L"))

    assert found["adjusted_calcium"].value == 2.67
    assert found["adjusted_calcium"].text == "Given as adjusted; not adjusted again."


@pytest.mark.parametrize(("day", "value"), [("2026-03-01", 2.55), ("2025-03-01", 2.67), (None, 2.67)])
def test_later_calcium_with_albumin_takes_the_place_of_an_old_adjusted_one(day, value):
    """Adjusted 2.67 on 1 January; later 2.31 + 0.02 x (40 - 28) = 2.55; what has no day is not later."""
    told = {"adjusted calcium": ("2.67 mmol/L", "2026-01-01"), "calcium": ("2.31 mmol/L", day)}
    labs = [{"name": name, "value": given, "on": on} for name, (given, on) in told.items()]
    found = derived(labs=[*labs, *results(albumin="28 g/L")])

    assert found["adjusted_calcium"].value == pytest.approx(value)


def test_albumin_of_another_day_is_pointed_out():
    """A year between them."""
    days = {"calcium": "2026-03-01", "albumin": "2025-03-01"}
    labs = [{**one, "on": days[one["name"]]} for one in results(calcium="2.31 mmol/L", albumin="28 g/L")]

    assert "different days" in derived(labs=labs)["adjusted_calcium"].text
    assert (
        "different days" not in derived(labs=results(calcium="2.3 mmol/L", albumin="28 g/L"))["adjusted_calcium"].text
    )


def test_calcium_and_albumin_without_a_day_are_pointed_out():
    """Neither has a day, or one alone; of one day nothing is said."""
    labs = results(calcium="2.31 mmol/L", albumin="28 g/L")
    half = [{**labs[0], "on": "2026-03-01"}, labs[1]]
    whole = [{**one, "on": "2026-03-01"} for one in labs]

    for both in (labs, half):
        assert "are of one day is not known" in derived(labs=both)["adjusted_calcium"].text
    assert "of one day" not in derived(labs=whole)["adjusted_calcium"].text


def test_calcium_in_question_leaves_nothing_to_adjust():
    """0.6 mmol/L is a question of its own; that albumin is missing would be beside the point."""
    assert "adjusted_calcium" not in derived(labs=results(calcium="0.6 mmol/L"))


def test_missing_albumin_leaves_calcium_unadjusted():
    """Missing is missing, and the sentence says what."""
    found = derived(labs=results(calcium="2.3 mmol/L", phosphate="1.5 mmol/L"))

    assert found["adjusted_calcium"].value is None
    assert "Albumin is missing" in found["adjusted_calcium"].text
    assert "ca_x_p" not in found


def test_product_stands_in_both_units_and_is_not_weighed():
    """2.67 x 1.58 = 4.2186; x 4.008 x 3.097 = 52.4, below 55 and 70."""
    found = derived(labs=results(adjusted_calcium="2.67 mmol/L", phosphate="1.58 mmol/L"))

    assert found["ca_x_p"].value == pytest.approx(4.2186)
    assert found["ca_x_p_mg2_dl2"].value == pytest.approx(52.4, abs=0.05)
    assert found["ca_x_p"].flag is None
    assert "does not count against calciphylaxis" in found["ca_x_p"].text


@pytest.mark.parametrize(
    ("phosphate", "words"), [("1.9 mmol/L", "Between"), ("3.0 mmol/L", "which went with the disease")]
)
def test_product_above_the_old_limits_is_said_and_not_weighed(phosphate, words):
    """2.5 x 1.9 is 59 and 2.5 x 3.0 is 93 mg2/dL2."""
    found = derived(labs=results(adjusted_calcium="2.5 mmol/L", phosphate=phosphate))

    assert words in found["ca_x_p"].text
    assert "not weighed" in found["ca_x_p"].text


def test_values_of_different_days_are_pointed_out():
    """A product of Monday and Friday is nobody's."""
    labs = [
        {"name": "adjusted calcium", "value": "2.5 mmol/L", "on": "2026-01-02"},
        {"name": "phosphate", "value": "1.5 mmol/L", "on": "2026-01-06"},
    ]

    assert "different days" in derived(labs=labs)["ca_x_p"].text


def test_latest_result_counts():
    """Two calcium values: the later day stands."""
    labs = [
        {"name": "adjusted calcium", "value": "2.7 mmol/L", "on": "2026-01-06"},
        {"name": "adjusted calcium", "value": "2.2 mmol/L", "on": "2026-01-02"},
    ]

    assert derived(labs=labs)["adjusted_calcium"].value == 2.7


def test_pth_is_given_in_both_units_and_in_multiples():
    """64 pmol/L x 9.43 = 603.5 pg/mL; over 6.9 it is 9.28 times, above the band of 2 to 9."""
    found = derived(labs=results(pth="64 pmol/L"), kidney={"stage": "5D"})

    assert found["pth_pg_ml"].value == pytest.approx(603.5, abs=0.1)
    assert found["pth_multiple"].value == pytest.approx(9.275, abs=0.001)
    assert "above the band of 2 to 9" in found["pth_multiple"].text


def test_multiples_are_of_the_laboratory_s_own_limit():
    """90 pg/mL over 45 pg/mL is 2."""
    labs = [{"name": "PTH", "value": "90 pg/mL", "low": 10, "high": 45}]

    assert derived(labs=labs)["pth_multiple"].value == pytest.approx(2.0)


def test_value_below_a_limit_is_not_reckoned_with():
    """A PTH of "< 5" has no multiple."""
    assert derived(labs=results(pth="< 5 pg/mL")) == {}


def test_body_mass_and_lost_weight():
    """92 kg at 1.58 m is 36.85; 96 to 84.5 kg in five months is 11.5 kg, an older weight does not count."""
    weights = [{"kg": 120, "on": "2024-01-01"}, {"kg": 96, "on": "2025-10-01"}, {"kg": 84.5, "on": "2026-03-01"}]
    found = derived(patient={"height_cm": 162, "weights": weights})

    assert found["weight_loss_kg"].value == pytest.approx(11.5)
    assert found["body_mass_index"].value == pytest.approx(32.2, abs=0.01)
    assert found["body_mass_index"].flag == "H"


def test_weight_gained_is_no_loss():
    """60 kg, then 63."""
    weights = [{"kg": 60, "on": "2026-01-01"}, {"kg": 63, "on": "2026-03-01"}]

    assert "weight_loss_kg" not in derived(patient={"weights": weights})


def test_weights_without_days_are_no_loss():
    """Nobody knows how long it took."""
    assert "weight_loss_kg" not in derived(patient={"weights": [{"kg": 90}, {"kg": 80}]})


def test_years_of_dialysis_add_up():
    """Two years by days and three as stated; a period without either leaves it unknown."""
    periods = [
        {"kind": "peritoneal", "start": "2020-01-01", "stop": "2022-01-01"},
        {"kind": "haemodialysis", "years": 3},
    ]
    known = derived(examined_on=date(2026, 1, 1), kidney={"dialysis": periods})
    unknown = derived(kidney={"dialysis": [*periods, {"kind": "haemodialysis"}]})

    assert known["dialysis_years"].value == pytest.approx(5.0, abs=0.01)
    assert "dialysis_years" not in unknown
