"""CSV and Parquet hold every number of the record, once."""

import csv
import io

import pytest
from pyarrow import parquet

from calcinet.record import Clinical, Lab
from calcinet.report.quantities.spreadsheet import NUMBERS, defuse, to_csv, to_parquet
from tests.support import handmade


def test_csv_has_one_row_a_number(record):
    """Six quantities of the image, and of its findings 7 (f1), 3 (f2) and 3 (f3): 6 + 13 + 1 = 20 with area_px.

    f1: probability, calibre_mm, length_mm, area_mm2, depth_mm, calibre_px, length_px, area_px: 8.
    f2, f3: probability, area_mm2, area_px: 3 each. Image: resolvable_mm and five measures: 6. Together 20.
    """
    rows = list(csv.DictReader(io.StringIO(to_csv(record))))

    assert len(rows) == 20
    assert {row["image"] for row in rows} == {"img-1"}


def test_missing_number_is_an_empty_cell_with_its_reason(record):
    """Never 0."""
    rows = csv.DictReader(io.StringIO(to_csv(record)))
    missing = next(row for row in rows if row["quantity"] == "net.length_density_per_mm")

    assert (missing["value"], missing["not_measured_because"]) == ("", "the net is smaller than five meshes")


def test_parquet_holds_the_rows_of_the_csv(record):
    """And says which version and weights they come from."""
    table = parquet.read_table(io.BytesIO(to_parquet(record)), use_threads=False)
    read = list(csv.DictReader(io.StringIO(to_csv(record))))

    assert table.num_rows == len(read)
    assert table.schema.metadata[b"schema"] == b"calcinet.record/1"
    for one, other in zip(table.to_pylist(), read, strict=True):
        assert {name: "" if value is None else str(value) for name, value in one.items()} == other


def test_numbers_are_numbers_and_the_rest_is_words(record):
    """A column of Parquet has one type: value and both limits are floating point, the other thirteen are strings."""
    schema = parquet.read_schema(io.BytesIO(to_parquet(record)))

    assert {name for name in schema.names if str(schema.field(name).type) == "double"} == set(NUMBERS)
    assert {str(field.type) for field in schema} == {"double", "string"}
    assert len(schema.names) == 16


def test_record_without_numbers_is_a_header_alone():
    """A refused image has no number."""
    lines = to_csv(handmade.nothing_examined()).splitlines()

    assert len(lines) == 1
    assert lines[0].startswith("image,finding,kind,quantity,label,value,unit,low95,high95")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "'=1",
            '"=1',
            " \"' +1",
            "\u3000=1",
            "\ufeff=1",
        ),
        *("＝1", "＋1", "－1", "＠SUM(A1)", "=cmd|'/C calc'!A0", "-", "="),
    ],
)
def test_text_that_a_spreadsheet_would_reckon_with_is_marked_as_text(text):
    assert defuse(text) == "'" + text


@pytest.mark.parametrize("text", ["", "calcium", "1+1", "a=b", "L-R", "<", "µg/L", "'quoted'", "4 - 5", "(=1)"])
def test_other_texts_stay_as_they_are(text):
    assert defuse(text) == text


@pytest.mark.parametrize("number", [-1.5, 0.0, float("-inf"), None])
def test_numbers_stay_numbers(number):
    """A minus before a number is no formula."""
    assert defuse(number) is number


def test_name_of_a_result_is_no_formula_in_the_table(record):
    """The label of a laboratory value comes from the case; its number is read as a number, below zero too."""
    value = Lab(analyte="=cmd|'/C calc'!A0", name="=cmd|'/C calc'!A0", value=-2.5, unit="mmol/L", as_given="-2.5")
    told = record.model_copy(update={"clinical": Clinical(labs=(value,))})
    (row,) = [row for row in csv.DictReader(io.StringIO(to_csv(told))) if row["value"] == "-2.5"]

    assert not any(cell.startswith(("=", "+", "@")) for cell in row.values())
    assert any(cell.startswith("'=cmd") for cell in row.values())
