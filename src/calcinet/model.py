"""Which detector marks the films: light, so that `calcinet info` can say it at once."""

from typing import Final

NAME: Final = "line filters and context rules, version 1"

SHA256: Final[str | None] = None
"""Of its weights; None where it has none."""
