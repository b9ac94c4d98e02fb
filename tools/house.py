"""Numbers of the house beside its goals, and the rule of density: `python -m tools.house`.

What a line, a branch or a parameter is, tools/source.py says. Percentiles are interpolated.
"""

import argparse
import ast
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

import numpy as np

from tools.source import (
    COMPREHENSIONS,
    FUNCTIONS,
    SOURCE,
    FunctionNode,
    House,
    Source,
    code_of,
    count_branches,
    count_expressions,
    count_function_code,
    count_imports,
    count_nodes,
    count_parameters,
    expected_test,
    functions_of,
    narrow,
    read_house,
    span,
    split_into_rooms,
    walk_for,
)
from tools.tables import Number, render_numbers, render_rooms

MOST_FUNCTION_CODE: Final = 50
"""Our choice: a function is seen whole on one screen."""

MOST_EXPRESSIONS_P90: Final = 100
"""Expression nodes of a function. Our choice: short must not mean wide; clear projects have 75 to 122."""

MOST_CONDITIONALS: Final = 17.5
"""Per 1000 code lines. Our choice: half of the 35 that there once were; clear projects have 2 to 14."""

MOST_COMPREHENSIONS: Final = 26.0
"""Per 1000 code lines. Our choice: half of the 52 that there once were; clear projects have 7 to 13."""

MOST_CLASS_LINES: Final = 150
"""Our choice: a class beyond this does two things."""

MOST_UNTESTED: Final = 0
"""Our choice: who opens a file that decides or computes finds its tests under the same name."""

TRIVIAL_FUNCTION_CODE: Final = 15
"""Code lines within functions up to which a file needs no test file of its own. Our choice: a little glue."""

PROPERTIES: Final = frozenset({"property", "cached_property", "setter", "deleter"})
"""Last words of the decorators that make a method read as a noun."""

PREDICATES: Final = frozenset({"can", "has", "is", "may", "needs", "should"})
"""First words of a function that answers yes or no."""

VERBS: Final = frozenset((Path(__file__).parent / "verbs.txt").read_text("utf-8").split()) | PREDICATES


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """A place in the code and what is there."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}: {self.what}"


T = TypeVar("T")
Rule = Callable[[Source], list[Place]]


def find_untested(house: House) -> list[Place]:
    """Files that are not trivial (see TRIVIAL_FUNCTION_CODE) and have no test file of their own name."""
    tests = {file.inner for file in house.tests}
    missing = [file for file in house.sources if expected_test(file.inner) not in tests]
    places = (
        Place(
            path=file.path,
            line=1,
            what=f"{count_function_code(file)} code lines in functions, no test file of its name",
        )
        for file in missing
        if count_function_code(file) > TRIVIAL_FUNCTION_CODE
    )
    return sorted(places)


def find_widest(house: House, count: int) -> list[Place]:
    """The functions with the most expression nodes, the widest first."""
    widths: list[tuple[int, Place]] = []
    for file in house.sources:
        widths.extend(_measure_widths(file))
    widths.sort(key=lambda pair: (-pair[0], pair[1]))
    return [place for _, place in widths[:count]]


def find_nested_conditionals(file: Source) -> list[Place]:
    """Conditional expressions inside another one or inside a comprehension, at any depth."""
    found: set[ast.expr] = set()
    for outer in walk_for(file.tree, (ast.IfExp, *COMPREHENSIONS)):
        found.update(node for node in walk_for(outer, (ast.IfExp,)) if node is not outer)
    return _make_places(file, found, "conditional expression inside another or inside a comprehension")


def find_crowded_comprehensions(file: Source) -> list[Place]:
    """Comprehensions with more than one `for`, be it their own or that of a comprehension inside them."""
    found = [outer for outer in walk_for(file.tree, COMPREHENSIONS) if count_nodes(outer, (ast.comprehension,)) > 1]
    return _make_places(file, found, "comprehension with more than one `for`")


def find_verbless_functions(file: Source) -> list[Place]:
    """Private functions and methods whose first word is not among VERBS; properties are nouns and are left out."""
    private = (
        function
        for function in _find_outer_functions(file.tree)
        if _is_private(function) and not _is_property(function)
    )
    nouns = (function for function in private if function.name[1:].split("_")[0] not in VERBS)
    return [Place(path=file.path, line=node.lineno, what=f"{node.name} does not begin with a verb") for node in nouns]


RULES: Final[tuple[Rule, ...]] = (find_nested_conditionals, find_crowded_comprehensions, find_verbless_functions)
"""The rule of density."""


def find_all(rule: Rule, house: House) -> list[Place]:
    """Every place of the house that fails a rule, in the order of files and lines."""
    places: list[Place] = []
    for file in house.sources:
        places.extend(rule(file))
    return sorted(places)


def measure(house: House) -> list[Number]:
    """The numbers of a house, in the order in which they are shown."""
    return [*_measure_sizes(house), *_measure_tests(house), *_measure_interfaces(house), *_measure_density(house)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is asked for; 1 where a goal is missed."""
    parser = _make_parser()
    asked = parser.parse_args(arguments)
    places = [_place_within_source(path, parser) for path in asked.paths]
    house = narrow(read_house(), places or [Path()])
    numbers = measure(house)
    _print_all(asked, house, numbers)
    return int(any(number.is_missed for number in numbers))


def _print_all(asked: argparse.Namespace, house: House, numbers: Sequence[Number]) -> None:
    print(render_numbers(numbers))
    if asked.rooms:
        rooms = split_into_rooms(house)
        print("\n" + render_rooms({name: measure(room) for name, room in rooms.items()}))
    if asked.widest:
        _print_places("widest functions", find_widest(house, asked.widest))
    if asked.dense:
        for rule in RULES:
            _print_places(rule.__name__.removeprefix("find_").replace("_", " "), find_all(rule, house))
    if asked.untested:
        _print_places("untested files", find_untested(house))


def _print_places(title: str, places: Sequence[Place]) -> None:
    print(f"\n{title}: {len(places)}")
    for place in places:
        print(place)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.house", description="Numbers of src/calcinet and their goals."
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders within src/calcinet")
    parser.add_argument("--rooms", action="store_true", help="a table of the rooms as well")
    parser.add_argument(
        "--widest", type=int, default=0, metavar="N", help="the N functions with the most expression nodes"
    )
    parser.add_argument("--dense", action="store_true", help="every place that fails the rule of density")
    parser.add_argument("--untested", action="store_true", help="files that lack a test file of their own name")
    return parser


def _place_within_source(path: Path, parser: argparse.ArgumentParser) -> Path:
    place = path.resolve()
    if not (place.exists() and place.is_relative_to(SOURCE)):
        parser.error(f"{path} is no file or folder within src/calcinet")
    return place.relative_to(SOURCE)


def _measure_sizes(house: House) -> list[Number]:
    code = [len(file.code) for file in house.sources]
    lines = [file.line_count for file in house.sources]
    functions = _map_functions(house, code_of)
    long = sum(size > MOST_FUNCTION_CODE for size in functions)
    return [
        Number(name="code lines / files", short="code/files", shown=f"{sum(code)} / {len(code)}"),
        Number(name="file lines, median / p90 / max", short="lines", shown=_render_spread(lines)),
        Number(name="file code, median / p90 / max", short="file", shown=_render_spread(code)),
        Number(name="function code, median / p90 / max", short="function", shown=_render_spread(functions)),
        Number(name="functions over 50 code lines", short=">50", shown=str(long), value=long, most=0),
        _measure_largest_class(house),
    ]


def _measure_tests(house: House) -> list[Number]:
    ratio = sum(len(file.code) for file in house.tests) / max(1, sum(len(file.code) for file in house.sources))
    lengths: list[int] = []
    for file in house.tests:
        lengths.extend(len(span(test)) for test in functions_of(file) if test.name.startswith("test"))
    untested = len(find_untested(house))
    return [
        Number(name="test code : code", short="test:code", shown=f"{ratio:.2f}"),
        Number(name="tests; median lines of one", short="tests", shown=f"{len(lengths)}; {median(lengths or [0]):g}"),
        Number(
            name="files without a test file of their name",
            short="untested",
            shown=str(untested),
            value=untested,
            most=MOST_UNTESTED,
        ),
    ]


def _measure_interfaces(house: House) -> list[Number]:
    functions = _map_functions(house, lambda node, _: node)
    public = [function for function in functions if not function.name.startswith("_")]
    told = sum(ast.get_docstring(function) is not None for function in public)
    typed = sum(function.returns is not None for function in functions)
    imports = sum(count_imports(file) for file in house.sources)
    branches = [count_branches(function) for function in functions]
    parameters = [count_parameters(function) for function in functions]
    return [
        Number(name="branches, p90 / max", short="branches", shown=_render_spread(branches, (90, 100))),
        Number(name="parameters, p90 / max", short="parameters", shown=_render_spread(parameters, (90, 100))),
        Number(name="public functions with docstring", short="docstring", shown=_say_share(told, len(public))),
        Number(name="functions with return type", short="typed", shown=_say_share(typed, len(functions))),
        Number(name="imports inside functions", short="imports", shown=str(imports)),
    ]


def _measure_density(house: House) -> list[Number]:
    widths = _map_functions(house, lambda node, _: count_expressions(node))
    return [
        _measure_rate(house, "conditional expressions", "conditionals", (ast.IfExp,), MOST_CONDITIONALS),
        _measure_rate(house, "comprehensions", "comprehensions", COMPREHENSIONS, MOST_COMPREHENSIONS),
        Number(
            name="expression nodes a function, median / p90 / max",
            short="nodes",
            shown=_render_spread(widths),
            value=_compute_percentile(widths, 90),
            most=MOST_EXPRESSIONS_P90,
        ),
    ]


def _measure_rate(house: House, name: str, short: str, kinds: tuple[type[ast.AST], ...], most: float) -> Number:
    lines = sum(len(file.code) for file in house.sources)
    rate = 1000 * sum(count_nodes(file.tree, kinds) for file in house.sources) / max(1, lines)
    return Number(name=f"{name} per 1000 code lines", short=short, shown=f"{rate:.1f}", value=rate, most=most)


def _measure_largest_class(house: House) -> Number:
    sizes = [(0, "-")]
    for file in house.sources:
        sizes.extend((len(span(node)), node.name) for node in ast.walk(file.tree) if isinstance(node, ast.ClassDef))
    size, name = max(sizes)
    shown = f"{size} {name}"
    return Number(name="largest class, lines", short="class", shown=shown, value=size, most=MOST_CLASS_LINES)


def _measure_widths(file: Source) -> Iterator[tuple[int, Place]]:
    for node in functions_of(file):
        width = count_expressions(node)
        yield width, Place(path=file.path, line=node.lineno, what=f"{node.name}: {width} expression nodes")


def _map_functions(house: House, count: Callable[[FunctionNode, Source], T]) -> list[T]:
    found: list[T] = []
    for file in house.sources:
        found.extend(count(node, file) for node in functions_of(file))
    return found


def _find_outer_functions(tree: ast.Module) -> Iterator[FunctionNode]:
    """Functions of the module and methods of its classes, but not functions within functions."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, FUNCTIONS):
            yield node
        else:
            waiting.extend(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))


def _is_private(function: FunctionNode) -> bool:
    return function.name.startswith("_") and not function.name.startswith("__")


def _is_property(function: FunctionNode) -> bool:
    words = [ast.unparse(decorator).split(".") for decorator in function.decorator_list]
    return any(parts[-1] in PROPERTIES for parts in words)


def _make_places(file: Source, nodes: Iterable[ast.expr], what: str) -> list[Place]:
    return sorted(Place(path=file.path, line=node.lineno, what=what) for node in nodes)


def _render_spread(values: Sequence[float], percents: Sequence[float] = (50, 90, 100)) -> str:
    return " / ".join(f"{round(_compute_percentile(values, percent), 1):g}" for percent in percents)


def _compute_percentile(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(values or [0], percent))


def _say_share(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.0f} %"


if __name__ == "__main__":
    sys.exit(main())
