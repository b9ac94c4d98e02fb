"""The counting itself, on sources so short that their numbers can be counted by hand."""

from pathlib import Path

import pytest

from tools import house, source

LONG = "def long():\n" + "    x = 1\n" * 15
"""A function of 16 code lines, one more than a trivial file may have."""


def parse(text: str, inner: str = "room/file.py") -> source.Source:
    return source.parse_source(text, Path("src/calcinet") / inner, Path(inner))


def first_function(text: str) -> source.FunctionNode:
    return source.functions_of(parse(text))[0]


def lines_of(places: list[house.Place]) -> list[int]:
    return [place.line for place in places]


def make_house(files: dict[str, str], tests: dict[str, str]) -> source.House:
    return source.House(
        sources=tuple(parse(text, inner) for inner, text in files.items()),
        tests=tuple(parse(text, inner) for inner, text in tests.items()),
    )


def numbers_of(made: source.House) -> dict[str, house.Number]:
    return {number.short: number for number in house.measure(made)}


def test_code_leaves_out_blanks_comments_and_strings_that_stand_alone():
    """Of ten lines 3, 6 and 10 are code; the others are texts, blanks, and a comment on line 9."""
    text = (
        '"""A file."""\n\nLIMIT = 1\n"""Our choice."""\n\ndef f():\n    """Text\n    of two lines."""\n    return 2\n'
    )
    text = text.replace("    return 2", "    # why\n    return 2")

    file = parse(text)

    assert (file.line_count, sorted(file.code)) == (10, [3, 6, 10])


def test_text_within_an_expression_is_code_even_where_it_looks_like_a_comment():
    """Three lines of one string that is given to a name."""
    assert len(parse('PAGE = """a\n# heading\nb"""\n').code) == 3


def test_each_branch_counts_once():
    """One way, and: if, and, conditional expression, for, for of a comprehension, except: 7."""
    text = (
        "def f(a, b):\n    if a and b:\n        return 1 if a else 2\n    for x in a:\n        b = [y for y in x]\n"
        "    try:\n        return b\n    except ValueError:\n        return 0\n"
    )

    assert source.count_branches(first_function(text)) == 7


def test_parameters_are_those_with_names():
    """Counted are a, b and c; not self, and not what takes all the rest."""
    method = "class A:\n    def f(self, a, /, b, *rest, c=1, **more): ...\n"

    assert source.count_parameters(first_function(method)) == 3


def test_expression_nodes_are_names_numbers_and_what_joins_them():
    """x + 1 has the sum, x and 1; the annotation int is a fourth."""
    assert source.count_expressions(first_function("def f(x: int):\n    return x + 1\n")) == 4


def test_imports_count_within_functions_alone_and_once():
    """Of two imports the inner one counts, once, although two functions stand round it."""
    text = "import a\ndef f():\n    def g():\n        import b\n"

    assert source.count_imports(parse(text)) == 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = 1 if a else 2", []),
        ("x = 1 if a else (\n    2 if b else 3)", [2]),
        ("x = [\n    1 if a else 2 for a in b]", [2]),
        ("x = sum(a for a in (b if c else d))", [1]),
        ("x = [a for a in b if a] if c else []", []),
    ],
)
def test_conditional_expression_stands_alone(text, lines):
    """Named is the inner one, by its own line; around a comprehension it may stand."""
    assert lines_of(house.find_nested_conditionals(parse(text))) == lines


def test_conditional_expression_three_deep_is_two_places():
    """Each inner one is named once, however many stand round it."""
    assert len(house.find_nested_conditionals(parse("x = 1 if a else 2 if b else 3 if c else 4"))) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x = [a for a in b if a]", 0),
        ("x = {a: 1 for b in c for a in b}", 1),
        ("x = [[a for a in b] for b in c]", 1),
        ("x = f(a for a in b) + g(a for a in c)", 0),
    ],
)
def test_comprehension_has_one_for(text, count):
    """A second `for` is refused in the comprehension and in one inside it, named once at the outer one."""
    assert len(house.find_crowded_comprehensions(parse(text))) == count


def test_private_functions_begin_with_a_verb():
    """Refused on lines 1 and 5; not refused are verbs, predicates, dunders, properties and functions within others."""
    text = (
        "def _told(): ...\ndef _read_it(): ...\ndef _is_open(): ...\nclass A:\n    def _of_veins(self): ...\n"
        "    def __len__(self): ...\n    @property\n    def _width(self): ...\n    @functools.cached_property\n"
        "    def _depth(self): ...\ndef named():\n    def _name_less(): ...\n    def _way(): ...\n"
    )

    assert lines_of(house.find_verbless_functions(parse(text))) == [1, 5]


def test_private_function_within_a_condition_is_of_the_module():
    """What stands under `if` at module level is named as well."""
    assert lines_of(house.find_verbless_functions(parse("if a:\n    def _way(): ...\n"))) == [2]


def test_verbs_are_lower_case_sorted_and_once_each():
    """So that two people who add a word do not meet, and nobody adds it twice."""
    words = (Path(house.__file__).parent / "verbs.txt").read_text("utf-8").splitlines()

    assert words == sorted({word.lower() for word in words})


def test_file_with_functions_needs_a_test_file_of_its_name():
    """16 lines in functions need one, 15 do not, constants never do; another room's test does not count."""
    files = {
        "a/tested.py": LONG,
        "a/untested.py": LONG,
        "a/short.py": LONG.removesuffix("    x = 1\n"),
        "a/names.py": "X = 1\n" * 40,
        "b/__init__.py": LONG,
    }
    made = make_house(files, {"a/test_tested.py": "", "b/test_untested.py": "", "b/test_b.py": ""})

    assert [place.path.as_posix() for place in house.find_untested(made)] == ["src/calcinet/a/untested.py"]


def test_numbers_of_a_small_house():
    """16 and 4 code lines, 5 of tests; `x = 1` has 2 expression nodes; size has 6: text, int, and 4 of its list."""
    other = (
        "class Box:\n    def size(self) -> int:\n        'Text.'\n        return [a for a in self]\nx = 1 if y else 2\n"
    )
    tests = "import a\ndef test_one():\n    assert a\ndef test_two():\n    assert a\n"
    numbers = numbers_of(make_house({"a/long.py": LONG, "b/box.py": other}, {"a/test_long.py": tests}))

    shown = {short: number.shown for short, number in numbers.items()}
    assert shown == {
        "code/files": "20 / 2",
        "lines": "10.5 / 14.9 / 16",
        "file": "10 / 14.8 / 16",
        "function": "9 / 14.6 / 16",
        ">50": "0",
        "class": "4 Box",
        "test:code": "0.25",
        "tests": "2; 2",
        "untested": "0",
        "branches": "1.9 / 2",
        "parameters": "0 / 0",
        "docstring": "50 %",
        "typed": "50 %",
        "imports": "0",
        "conditionals": "50.0",
        "comprehensions": "50.0",
        "nodes": "18 / 27.6 / 30",
    }
    assert {short for short, number in numbers.items() if number.is_missed} == {"conditionals", "comprehensions"}


def test_house_without_files_has_numbers():
    """Nothing is counted, nothing is missed, nothing breaks."""
    assert not any(number.is_missed for number in house.measure(make_house({}, {})))


def test_function_of_51_lines_misses_the_goal():
    """A head and 50 lines; with 49 the goal is met."""
    met, missed = (numbers_of(make_house({"a.py": "def f():\n" + "    x\n" * count}, {})) for count in (49, 50))

    assert (met[">50"].is_missed, missed[">50"].is_missed) == (False, True)


def test_widest_come_first():
    """Of 1, 3 and 2 nodes the two widest are the second and the third."""
    text = "def a():\n    x\ndef b():\n    x + y\ndef c():\n    -x\n"

    assert lines_of(house.find_widest(make_house({"a.py": text}, {}), 2)) == [3, 5]


def test_narrowing_keeps_a_folder_or_a_file_with_its_tests():
    """A folder brings its folder of tests, a file the test file of its name."""
    made = make_house(
        {"a/b.py": "", "a/c/d.py": "", "e.py": ""}, {"a/test_b.py": "", "a/c/test_d.py": "", "test_e.py": ""}
    )
    room, file = (source.narrow(made, [Path(inner)]) for inner in ("a/c", "a/b.py"))

    assert source.narrow(made, [Path()]) == made
    assert [str(one.inner) for one in (*room.sources, *room.tests)] == ["a/c/d.py", "a/c/test_d.py"]
    assert [str(one.inner) for one in (*file.sources, *file.tests)] == ["a/b.py", "a/test_b.py"]


def test_rooms_are_first_folders():
    """What stands in no folder is together under a word of its own."""
    rooms = source.split_into_rooms(make_house({"a/b.py": "", "a/c/d.py": "", "e.py": ""}, {"a/c/test_d.py": ""}))

    assert {name: (len(room.sources), len(room.tests)) for name, room in rooms.items()} == {
        "(no room)": (1, 0),
        "a": (2, 1),
    }


def test_command_shows_goals_and_places(capsys):
    """One small folder of the package, with all that can be asked for."""
    code = house.main(["src/calcinet/errors.py", "--rooms", "--widest", "1", "--dense", "--untested"])

    shown = capsys.readouterr().out
    assert code in (0, 1)
    assert "<= 100" in shown
    assert "src/calcinet/errors.py:" in shown


def test_command_refuses_what_is_not_of_the_package(capsys):
    """A folder of the tests is no source."""
    with pytest.raises(SystemExit):
        house.main(["tests"])

    assert "tests is no file or folder within src/calcinet" in capsys.readouterr().err
