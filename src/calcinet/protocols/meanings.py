"""Label, unit and code of measures, read where each measure is declared."""

from calcinet.measure.result import rows
from calcinet.record import Meaning


def declared_meanings(*results: type) -> dict[str, Meaning]:
    """Meanings of the quantities that classes of results declare, by the names of their fields."""
    meanings = {}
    for result in results:
        for row in rows(result):
            meanings[row.name] = Meaning(label=row.label, unit=row.unit, code=row.code)
    return meanings
