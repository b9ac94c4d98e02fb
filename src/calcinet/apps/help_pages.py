"""Help as people read it: FILE and MM where a value goes, nothing where a switch needs none, and no type of Python."""

from collections.abc import Callable
from typing import Any, Final

from typer.core import TyperCommand, TyperGroup

TERMINAL: Final = "Terminal"
"""Panel of what concerns the terminal alone."""


class Command(TyperCommand):
    """A command with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Options and arguments, each with what stands for its value in the help."""
        parameters = _name_values(super().get_params(ctx))
        parameters[-1].rich_help_panel = TERMINAL  # that of --help, which is the last
        return parameters


class Group(TyperGroup):
    """The same of all commands together."""

    def get_params(self, ctx: Any) -> list[Any]:
        """As of `Command`."""
        return _name_values(super().get_params(ctx))


def _name_values(parameters: list[Any]) -> list[Any]:
    """Let the help show the names that we gave, and no types; typer asks each parameter itself."""
    for parameter in parameters:
        shown = parameter.metavar
        if parameter.param_type_name == "argument" or getattr(parameter, "is_flag", False):
            shown = None
        parameter.display_type_rich = _answer(shown)
        parameter._get_number_range_help_str = _answer(None)
    return parameters


def _answer(shown: str | None) -> Callable[..., str | None]:
    return lambda *_, **__: shown
