"""How a measured number carries its unit, its label and its code."""

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One number on its way to a page, a table, SR or FHIR."""

    name: str
    value: float | None
    unit: str
    label: str
    code: str
    interval95: tuple[float, float] | None = None


def quantity(unit: str, label: str, code: str = "", **options: Any) -> Any:
    """Declare a measured field; `unit` is UCUM, `code` is SCHEME:VALUE."""
    return field(metadata={"unit": unit, "label": label, "code": code}, **options)


def rows(result: Any) -> list[Row]:
    """List the quantities of a result in the order in which it declares them.

    The 95 % interval of a field `x` is the field `x_interval`, where there is one.
    """
    return [
        Row(f.name, getattr(result, f.name), interval95=getattr(result, f"{f.name}_interval", None), **f.metadata)
        for f in fields(result)
        if "unit" in f.metadata
    ]
