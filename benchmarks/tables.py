"""Numbers in tables: on the terminal, in Markdown and in JSON."""

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as Grid

from benchmarks.agreement import Estimate

Cell = Estimate | float | int | str | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind; the first cell of each says what the row is."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    """How the numbers were got, in a sentence or two."""


def shown(cell: Cell) -> str:
    """A cell for people.

    >>> shown(Estimate(0.5, 0.25, 0.75, 8))
    '0.500 (0.250 to 0.750)'
    """
    if isinstance(cell, Estimate):
        return f"{shown(cell.value)} ({shown(cell.low)} to {shown(cell.high)})"
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return "-"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def print_tables(tables: Sequence[Table]) -> None:
    """To standard output, never narrower than the numbers."""
    console = Console(width=max(170, Console().width), highlight=False)
    for table in tables:
        grid = Grid(title=table.title, caption=table.note or None, title_justify="left", caption_justify="left")
        for number, name in enumerate(table.columns):
            grid.add_column(name, justify="left" if number == 0 else "right", overflow="fold")
        for row in table.rows:
            grid.add_row(*map(shown, row))
        console.print(grid)
        console.print()


def write_tables(folder: Path, tables: Sequence[Table], made_with: dict[str, str]) -> None:
    """Write bench.json and bench.md into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"made_with": made_with, "tables": [_plain(asdict(table)) for table in tables]}
    (folder / "bench.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    made = ", ".join(f"{name} {value}" for name, value in made_with.items())
    (folder / "bench.md").write_text("\n".join(["# Benchmark", "", made, *map(_markdown, tables)]), "utf-8")


def progress(text: str) -> None:
    """Say on standard error what is being done."""
    print(text, file=sys.stderr, flush=True)


def _plain(value: Any) -> Any:
    """Tuples to lists, and what is not a number to null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _markdown(table: Table) -> str:
    lines = [table.columns, ("---",) * len(table.columns), *table.rows]
    body = "\n".join("| " + " | ".join(map(shown, line)) + " |" for line in lines)
    return f"\n## {table.title}\n\n{body}\n" + (f"\n{table.note}\n" if table.note else "")
