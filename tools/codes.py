"""Writes docs/codes.md from the table of codes."""

from pathlib import Path

from calcinet.report.quantities.codes import mapping_page

PAGE = Path(__file__).parents[1] / "docs" / "codes.md"

if __name__ == "__main__":
    PAGE.write_text(mapping_page(), "utf-8")
