"""Units as printed, and the one record that every way of writing a value gives."""

import itertools

import pytest
import ucumvert
from hypothesis import given
from hypothesis import strategies as st

from calcinet.clinical.analytes import Analyte, analytes, load
from calcinet.clinical.history import Laboratory
from calcinet.clinical.labs import read_labs
from calcinet.clinical.units import factor, ucum

MEASURED = [entry for entry in analytes().values() if entry.unit not in (None, "1")]
CONVENTIONAL = {"adjusted_calcium": "mg/dL", "phosphate": "mg/dL", "pth": "pg/mL", "creatinine": "mg/dL"}


@pytest.mark.parametrize(
    ("analyte", "given", "into", "expected"),
    [
        ("calcium", "mg/dL", "mmol/L", 0.2495),
        ("calcium", "meq/L", "mmol/L", 0.5),
        ("phosphate", "mg/dL", "mmol/L", 0.3229),
        ("creatinine", "mg/dL", "umol/L", 88.4),
        ("albumin", "g/dL", "g/L", 10),
        ("pth", "pmol/L", "pg/mL", 9.43),
        ("pth", "ng/L", "pg/mL", 1),
        ("white_cells", "/uL", "10*9/L", 0.001),
        ("crp", "mg/dL", "mg/L", 10),
    ],
)
def test_factors_are_those_of_the_tables(analyte, given, into, expected):
    """Calcium 40.08 g/mol: 1 mg/dL is 10/40.08 = 0.2495 mmol/L; two equivalents a mole."""
    entry = analytes()[analyte]

    assert factor(given, into, molar=entry.molar, charge=entry.charge) == pytest.approx(expected, rel=2e-4)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("mmol/l", "mmol/L"),
        ("MMOL/L", "mmol/L"),
        ("µmol/L", "umol/L"),
        ("μmol/l", "umol/L"),
        ("mcmol/L", "umol/L"),
        ("mcg/L", "ug/L"),
        ("X109/L", "10*9/L"),
        ("x10^9/L", "10*9/L"),
        ("×10⁹/L", "10*9/L"),
        ("K/uL", "10*3/uL"),
        ("cells/mm3", "/uL"),
        ("mm/hr", "mm/h"),
        ("IU/L", "U/L"),
        ("[iU]/L", "U/L"),
        ("[IU]/L", "U/L"),
        ("g%", "g/dL"),
        ("pml/L", None),
        ("mmol", "mmol"),
        ("", None),
        ("bananas", None),
        ("m" * 400, None),
    ],
)
def test_unit_is_read_as_it_is_printed(printed, code):
    """UCUM writes 10*9/L for what a laboratory prints as x10^9/L."""
    assert ucum(printed) == code


CODES = [
    *("mmol/L", "mg/dL", "ug/L", "pg/mL", "g/L", "nmol/L", "mol/m3", "U/L", "ukat/L", "nkat/mL", "10*9/L", "10*3/uL"),
    *("/uL", "10*6/L", "mm/h", "cm/s", "s", "ms", "min", "h", "d", "wk", "mo", "a", "%", "1", "kg/m2", "kPa", "mbar"),
    *("[iU]/mL", "k[iU]/L", "mosm/L", "mL/min", "L/d", "ug/d", "fL", "pg", "g/24.h", "osm/kg", "mL/min/{1.73_m2}"),
    *("10*6.[iU]/L", "m3", "s-1", "g/mol", "ug/kg/h", "mg/g{creat}", "l/min"),
]
"""Units of laboratory sheets and drug charts."""


def test_sizes_are_those_of_a_library_of_all_units():
    """Every pair of units that pint compares has the same factor here, and those that it does not have none."""
    registry = ucumvert.PintUcumRegistry()
    quantities = {code: registry.from_ucum(code) for code in CODES}
    for one, other in itertools.product(CODES, CODES):
        expected = None
        if quantities[one].dimensionality == quantities[other].dimensionality:
            expected = pytest.approx(float(quantities[one].to(quantities[other].units) / quantities[other]), rel=1e-9)
        if not {"[iU]/mL", "k[iU]/L", "10*6.[iU]/L"} & {one, other}:  # pint takes an international unit for a count
            assert factor(one, other) == expected, (one, other)


@pytest.mark.parametrize(
    "code", ["pml/L", "bananas", "g/(d)", "mmmol/L", "kmin", "g//L", "g/", ".", "{", "0", "g0", "IU", "é/L"]
)
def test_what_is_no_unit_has_no_size(code):
    assert factor(code, "g/L") is None
    assert ucum(code) is None


def test_equivalents_become_moles_by_their_charge_alone():
    """Two milliequivalents of calcium are one millimole, in either direction; without the charge nothing is said."""
    assert factor("meq/L", "mmol/L") is None
    assert factor("meq/L", "mmol/L", charge=2) == 0.5
    assert factor("mmol/L", "meq/L", charge=2) == 2.0
    assert factor("meq/L", "eq/L", charge=2) == 0.001
    assert factor("meq/L", "mg/dL", molar=40.08, charge=2) == pytest.approx(2.004)


@pytest.mark.parametrize("code", ["10^999.g/L", "10^9999999.g/L", "10*16.g/L", "g16", "g-999999999/L"])
def test_a_power_that_no_laboratory_prints_makes_no_unit(code):
    """Ten to the 9,999,999th took minutes and then failed; the largest in use is the twelfth."""
    assert ucum(code) is None
    assert factor(code, "g/L") is None


@pytest.mark.parametrize("code", ["fg15.fg15.fg-15.fg-15", "fg-15.fg-15.fg15.fg15"])
def test_a_size_beyond_every_number_makes_no_unit(code):
    """10 to the -450, or to the 450, though in all it is 1: a result would be 0 or infinite."""
    assert ucum(code) is None


@pytest.mark.parametrize("printed", ["mL/min/1.73m2", "ml/min/1.73m^2"])
def test_a_filtration_rate_is_read_as_it_is_printed(printed):
    assert ucum(printed) == "mL/min/{1.73_m2}"


@given(st.text(max_size=30))
def test_no_unit_whatever_is_typed_breaks_the_reader(text):
    """A unit is read or it is None."""
    code = ucum(text)

    assert code is None or factor(code, code) == 1.0


@given(
    entry=st.sampled_from(MEASURED),
    share=st.floats(0.01, 0.99),
    data=st.data(),
)
def test_value_in_any_accepted_unit_gives_the_same_record(entry: Analyte, share, data):
    """2.67 mmol/L, 10.70 mg/dL and 5.34 mEq/L of calcium are one result with one flag."""
    low, high = entry.plausible
    value = float(f"{low + share * (high - low):.6g}")
    unit = data.draw(st.sampled_from([*entry.usual_units(), *entry.units]))
    written = value / entry.times(ucum(unit))
    if not 1e-4 < written < 1e8:
        return

    (own,), none = read_labs([Laboratory(name=entry.name, value=f"{value:.9f}"[:16], unit=entry.unit)])
    (other,), asked = read_labs([Laboratory(name=entry.name, value=f"{written:.6f}", unit=unit)])

    assert none == asked == []
    assert other.value == pytest.approx(own.value, rel=1e-2 if written < 1e-3 else 1e-3)
    assert (other.unit, other.analyte, other.range) == (own.unit, own.analyte, own.range)


@pytest.mark.parametrize("unit", [None, "mEq/L", "mg/dL", "mg/100ml"])
def test_range_is_changed_with_its_value(unit):
    """8.4 to 10.4 mg/dL is 2.10 to 2.59 mmol/L; 10.7 lies above it in any unit."""
    times = 1.0 if unit is None else analytes()["calcium"].times(ucum(unit))
    lab = Laboratory(
        name="calcium", value=f"{2.67 / times:.4f}", unit=unit or "mmol/L", low=2.1 / times, high=2.59 / times
    )
    (result,), _ = read_labs([lab])

    assert result.range == pytest.approx((2.1, 2.59))
    assert (result.flag, result.flag_basis) == ("H", "laboratory range")


def test_range_without_a_source_stops_the_table():
    """Nothing is flagged by a limit that nobody has published."""
    with pytest.raises(ValueError, match="a range needs a source"):
        load('[x]\nname = "x"\nunit = "g/L"\nrange = [1, 2]')


def test_unknown_source_stops_the_table():
    """The key must be in references.toml."""
    with pytest.raises(KeyError, match="nobody1999"):
        load('[x]\nname = "x"\nunit = "g/L"\nrange = [1, 2]\nsource = "nobody1999"')


def test_every_unit_of_the_table_is_read_and_plausible_somewhere():
    """A unit that cannot be read would never be suggested."""
    for entry in MEASURED:
        assert all(ucum(unit) and entry.times(ucum(unit)) for unit in entry.units), entry.key
        assert entry.possible(sum(entry.plausible) / 2, entry.unit), entry.key


@pytest.mark.parametrize("printed", ["17", "", " ", "10.5", "1/2", "2/", "100"])
def test_number_alone_is_no_unit(printed):
    assert ucum(printed) is None


@pytest.mark.parametrize(("printed", "times"), [("mg/dL{creat}", 1.0), ("10*3/uL{cells}", None), ("{cells}/uL", None)])
def test_annotation_changes_nothing(printed, times):
    """UCUM, 6: what stands in braces has no meaning for the size."""
    assert ucum(printed) == printed
    assert factor(printed, "mg/dL") == times
