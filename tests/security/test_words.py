"""Words of a case and of a file's name that would like to be more: programs of the typesetter, orders to a terminal."""

import re
import subprocess
import sys

import pytest

from tests.support.extras import of_extra
from tests.support.paths import ROOT

SECRET = "calcinet-secret-of-the-disk"


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    """A file that the typesetter could read."""
    path = tmp_path_factory.mktemp("secret") / "secret.txt"
    path.write_text(SECRET)
    return path


def test_program_of_the_typesetter_in_a_case_is_not_run(secret):
    """Typst would read a file, include one, fetch a package, or end for want of a bracket: they are letters."""
    of_extra("pdf", "typst")
    import calcinet
    from calcinet.io.case.reader import case_of_mapping
    from calcinet.report.content import collect_content
    from calcinet.report.language import translator
    from calcinet.report.paper import collect_words, pdf
    from tests.report.test_paper import unpacked

    orders = [
        f'#read("{secret}")',
        f'#include "{secret}"',
        '#import "@preview/x:0.1.0": *',
        "#panic()",
        "]",
        "$#",
        "*/",
    ]
    told = {
        "patient": {"age_years": 58, "sex": "female"},
        "conditions": [{"name": order} for order in orders],
        "labs": [{"name": order, "value": 1, "unit": order} for order in orders],
    }
    record = calcinet.examine((), case_of_mapping(told))
    paper = pdf(record, {}, "en")

    assert all(
        order in str(collect_words(record, collect_content(record, translator("en")), translator("en")))
        for order in orders
    )
    assert paper.startswith(b"%PDF-")
    assert SECRET.encode() not in unpacked(paper)


def test_order_to_a_terminal_in_a_name_is_not_passed_on(tmp_path):
    """Clears the screen, sets its title, turns letters round, forges a line: none reaches the one who reads."""
    name = "a\x1b[2J\x1b]0;owned\x07\u202egpj\r\nexamined: nothing found.dcm"
    (tmp_path / name).write_bytes(b"no film")
    done = subprocess.run(
        [sys.executable, "-m", "calcinet", "examine", str(tmp_path / name), "-o", str(tmp_path / "out")],
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    told = (done.stdout + done.stderr).decode()

    assert done.returncode != 0
    assert not set(told) & set("\x1b\x07\r\u202e")
    assert not re.search("^examined: nothing found", told, re.MULTILINE)


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['true']", "!!python/name:os.system", "!include /etc/passwd"]
)
def test_tag_of_yaml_makes_no_object(tag):
    from calcinet.errors import Unreadable
    from calcinet.io.case.errors import CaseFileError
    from calcinet.io.case.reader import read_case

    with pytest.raises((CaseFileError, Unreadable)):
        read_case(f"patient: {{age_years: 58}}\nclinician_impression: {tag}\n".encode())
