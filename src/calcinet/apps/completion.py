"""What a shell offers when a value is half typed; files and folders it offers itself."""

from collections.abc import Callable, Sequence
from typing import Final

from calcinet.report.labels import FORMATS, LANGUAGES

Completer = Callable[[str], list[str]]
"""From what is typed to all that it may become."""

KINDS: Final = ("film", "ct", "mammogram", "bone-scan")
"""What there are phantoms of."""

MODALITIES: Final = ("CR", "DX", "MG", "CT")
"""Those that can be named above a file."""

PRIORS: Final = (
    "registry-germany",
    "registry-uk",
    "chain-us",
    "centre-winnipeg",
    "dialysis-jiangsu",
    "dialysis-fraser",
)
"""Names of published figures, by their kind and size; written out, for a shell waits for no table."""

SCHEMAS: Final = ("record", "case", "timeline")
DEVICES: Final = ("cpu", "cuda")


def offer(words: Sequence[str]) -> Completer:
    """Offer those of some words that begin as what is typed.

    >>> offer(("film", "ct"))("f")
    ['film']
    """

    def complete(incomplete: str) -> list[str]:  # the name by which typer gives it
        return [word for word in words if word.startswith(incomplete)]

    return complete


def offer_several(words: Sequence[str]) -> Completer:
    """Offer words that may stand one after the other with commas between, each once.

    >>> offer_several(("json", "html", "pdf"))("json,")
    ['json,html', 'json,pdf']
    """

    def complete(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        left = [word for word in words if word not in before.split(",")]
        return [f"{before}{comma}{word}" for word in left if word.startswith(last)]

    return complete


offer_languages: Final = offer(LANGUAGES)
offer_formats: Final = offer_several(FORMATS)
offer_modalities: Final = offer(MODALITIES)
offer_kinds: Final = offer(KINDS)
offer_priors: Final = offer(PRIORS)
offer_schemas: Final = offer(SCHEMAS)
offer_devices: Final = offer(DEVICES)
