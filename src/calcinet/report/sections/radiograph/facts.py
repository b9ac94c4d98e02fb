"""How a film was made, in short facts."""

from calcinet.record import ImageRecord
from calcinet.report.language import Language


def film_facts(image: ImageRecord, _: Language) -> list[str]:
    """Write the size of a film in pixels."""
    if image.shape is None:
        return []
    rows, columns = image.shape
    return [_("{rows} × {columns} pixels", rows=rows, columns=columns)]
