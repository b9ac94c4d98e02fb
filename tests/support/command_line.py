"""The command line, called within the test's own process."""

import pytest

from calcinet.apps.cli import main


def run(*arguments: str) -> int:
    """Exit code of `calcinet ARGUMENTS`."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)
