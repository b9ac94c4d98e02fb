"""Builds the page of `calcinet serve` before a wheel is packed, so that who installs the wheel needs no Node."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
from tools import page


class PageHook(BuildHookInterface):
    """Called by hatchling for wheels alone."""

    def dependencies(self) -> list[str]:
        """What this build needs beside hatchling."""
        return [] if page.is_current() else [page.NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page; a checkout can be worked on without it, a wheel is not made without it."""
        del build_data
        try:
            page.build()
        except RuntimeError as error:
            if version != "editable":
                raise
            self.app.display_warning(f"The page of calcinet serve was not built: {error}")
