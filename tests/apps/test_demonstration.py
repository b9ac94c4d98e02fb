"""The patient of the case report with generated films."""

from pathlib import Path

from calcinet.apps.console import Exit
from calcinet.apps.demonstration import case_of_the_report, demonstrate
from tests.support import handmade
from tests.support.paths import ROOT

CASE = ROOT / "examples" / "case-report" / "case.yaml"


def test_demonstration_puts_its_case_and_films_beside_the_report(tmp_path):
    """Both calves, each with its side; what lies there is what was examined."""
    given = {}

    def notes(paths, *, case, progress=None, **options):
        given.update({path.name: path.read_bytes() for path in paths}, case=Path(case).read_bytes(), **options)
        return handmade.examination(), {"img-1": handmade.limb()}

    assert demonstrate(tmp_path / "out", 7, prior="0.3", examiner=notes) is Exit.DONE
    assert given["prior"] == "0.3"
    assert (tmp_path / "out" / "case.yaml").read_bytes() == given["case"]
    told = CASE.read_text("utf-8")
    assert given["case"].decode() == told.replace(
        "outcome: {state: died, cause: sepsis, months_after_diagnosis: 2}\n", ""
    )
    assert "outcome:" not in given["case"].decode()
    for name in ("phantom-7-L.dcm", "phantom-8-R.dcm"):
        assert (tmp_path / "out" / "films" / name).read_bytes() == given[name]
        assert b"DICM" in given[name][:140]


def test_the_case_of_the_report_is_lent_from_the_checkout():
    """An installed package carries a copy of the same bytes."""
    with case_of_the_report() as case:
        assert case.read_bytes() == CASE.read_bytes()
