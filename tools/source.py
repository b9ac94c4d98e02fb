"""The Python files of a house, and what can be counted in one of them.

Lines are physical. Code lines leave out blanks, comments, docstrings and every other string that stands alone, such as
the text under a constant. What stands within a function counts for it, functions within it included.
"""

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCE: Final = ROOT / "src" / "calcinet"
TESTS: Final = ROOT / "tests"
NO_ROOM: Final = "(no room)"
"""Where files are counted that stand in no folder."""

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
NodeKind = TypeVar("NodeKind", bound=ast.AST)
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
IMPORTS: Final = (ast.Import, ast.ImportFrom)
BRANCHES: Final = (
    *(ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler),
    *(ast.BoolOp, ast.comprehension, ast.match_case),
)
"""Each is one way more through a function, which has one to begin with."""

NOT_SPACE_OR_COMMENT: Final = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file: its path, its path within its folder of all, its text, and that as a tree."""

    path: Path
    inner: Path
    text: str = field(repr=False)
    tree: ast.Module = field(repr=False)

    @cached_property
    def code(self) -> frozenset[int]:
        """Numbers of the lines that hold code."""
        return code_lines(self.text, self.tree)

    @property
    def line_count(self) -> int:
        """Physical lines."""
        return len(self.text.splitlines())


@dataclass(frozen=True, kw_only=True)
class House:
    """The files that are counted, and the tests that stand over them."""

    sources: tuple[Source, ...]
    tests: tuple[Source, ...]


def parse_source(text: str, path: Path, inner: Path) -> Source:
    """A file from its text. Raises SyntaxError where the text is not Python."""
    return Source(path=path, inner=inner, text=text, tree=ast.parse(text))


def read_house(source: Path = SOURCE, tests: Path = TESTS) -> House:
    """All Python files of both folders."""
    return House(sources=read_folder(source), tests=read_folder(tests))


def read_folder(folder: Path) -> tuple[Source, ...]:
    """All Python files of a folder, by name; their paths are told from the project's own folder."""
    return tuple(_read_source(path, folder) for path in sorted(folder.rglob("*.py")))


def narrow(house: House, inner: Iterable[Path]) -> House:
    """The part of the house that stands at these paths within it, with the tests that stand at the same ones."""
    paths = set(inner)
    files = {expected_test(path) for path in paths if path.suffix == ".py"}
    sources = (file for file in house.sources if not paths.isdisjoint((file.inner, *file.inner.parents)))
    tests = (file for file in house.tests if file.inner in files or not paths.isdisjoint(file.inner.parents))
    return House(sources=tuple(sources), tests=tuple(tests))


def split_into_rooms(house: House) -> dict[str, House]:
    """Room -> its part of the house; a room is a first folder, and files beside these are together in one more."""
    rooms = sorted({room_of(file) for file in house.sources})
    return {room: _keep_room(house, room) for room in rooms}


def room_of(file: Source) -> str:
    """First folder of a file."""
    parents = file.inner.parts[:-1]
    return parents[0] if parents else NO_ROOM


def _keep_room(house: House, room: str) -> House:
    sources = (file for file in house.sources if room_of(file) == room)
    tests = (file for file in house.tests if room_of(file) == room)
    return House(sources=tuple(sources), tests=tuple(tests))


def _read_source(path: Path, folder: Path) -> Source:
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return parse_source(path.read_text("utf-8"), shown, path.relative_to(folder))


def code_lines(text: str, tree: ast.Module) -> frozenset[int]:
    """Numbers of the lines that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NOT_SPACE_OR_COMMENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in walk_for(tree, (ast.stmt,)):
        if _is_lone_string(node):
            lines.difference_update(span(node))
    return frozenset(lines)


def functions_of(file: Source) -> list[FunctionNode]:
    """Every function of a file, methods and functions within functions included."""
    return [node for node in ast.walk(file.tree) if isinstance(node, FUNCTIONS)]


def code_of(node: ast.stmt, file: Source) -> int:
    """Code lines of a function."""
    return len(file.code.intersection(span(node)))


def count_branches(function: FunctionNode) -> int:
    """Ways through a function: one, and one more for each `if`, `for`, `while`, `except`, `case` and `and` or `or`."""
    return 1 + count_nodes(function, BRANCHES)


def count_parameters(function: FunctionNode) -> int:
    """Named parameters without `self` and `cls`."""
    arguments = function.args
    named = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len(named) - (named[:1] in (["self"], ["cls"]))


def count_expressions(function: FunctionNode) -> int:
    """Expression nodes of a function, its annotations, defaults and decorators included."""
    return count_nodes(function, (ast.expr,))


def count_imports(file: Source) -> int:
    """Import statements within functions."""
    found: set[ast.AST] = set()
    for function in functions_of(file):
        found.update(node for node in ast.walk(function) if isinstance(node, IMPORTS))
    return len(found)


def count_function_code(file: Source) -> int:
    """Code lines of a file that stand within functions, each once."""
    lines: set[int] = set()
    for function in functions_of(file):
        lines.update(span(function))
    return len(file.code & lines)


def expected_test(inner: Path) -> Path:
    """Where the test file of a file's own name stands; that of a package has the package's name and stands in it.

    >>> expected_test(Path("io/films.py")).as_posix(), expected_test(Path("io/__init__.py")).as_posix()
    ('io/test_films.py', 'io/test_io.py')
    """
    name = inner.stem.strip("_")
    if inner.name == "__init__.py":
        name = inner.parent.name or SOURCE.name
    return inner.with_name(f"test_{name}.py")


def walk_for(node: ast.AST, kinds: tuple[type[NodeKind], ...]) -> Iterator[NodeKind]:
    """Every node of these kinds within a node, itself included."""
    return (child for child in ast.walk(node) if isinstance(child, kinds))


def count_nodes(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> int:
    """How many nodes of these kinds are within a node, itself included."""
    return sum(1 for _ in walk_for(node, kinds))


def span(node: ast.stmt | ast.expr) -> range:
    """Numbers of the lines from the first to the last of a node; decorators stand before them."""
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _is_lone_string(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
