"""docs/scale.md describes every column."""

import pytest

from calcinet.cohort.columns import FILMS, TABLES
from tests.support.paths import ROOT

SCALE = (ROOT / "docs" / "scale.md").read_text("utf-8")


@pytest.mark.parametrize("heading", ["Columns that where may ask for", *(f"{name}.parquet" for name in TABLES)])
def test_every_column_is_described_with_unit_and_meaning(heading):
    columns = FILMS if heading.startswith("Columns") else TABLES[heading.removesuffix(".parquet")]
    section = SCALE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]

    assert rows == [f"| `{column.name}` | {column.unit} | {column.meaning} |" for column in columns]
