"""The drawing of the body and its list say the same."""

from calcinet.clinical.case import Case
from calcinet.protocols import assemble
from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.blocks import Figure, Items
from calcinet.report.language import translator
from calcinet.report.sections.body_map import draw_body

_ = translator("en")

FILM = ImageRecord(
    id="img-1", modality="DX", anatomy="lower leg", laterality="R", resolvable_mm=0.2,
    findings=(FindingRecord(id="f1", kind="net", probability=0.9),),
)  # fmt: skip


def drawn(images=(), **parts):
    return list(draw_body(assemble(list(images), Case.model_validate(parts)), _))


def test_lesions_are_numbers_and_images_are_letters():
    figure, items = drawn(
        [FILM],
        lesions=[{"site": "thigh", "side": "right", "aspect": "inner", "kind": "plaque"}],
        imaging=[{"modality": "CT", "site": "leg", "side": "both"}],
    )

    assert isinstance(figure, Figure)
    assert isinstance(items, Items)
    assert [item.lead for item in items.items] == ["1", "a", "b"]
    assert items.items[0].text == "thigh, inner side, right: plaque"
    assert items.items[2].text.endswith("net-like calcification marked")
    assert "1: thigh, inner side, right: plaque" in figure.svg


def test_nothing_is_drawn_where_nothing_has_a_place():
    assert drawn() == []
    assert drawn([FILM.model_copy(update={"anatomy": "unknown"})]) == []


def test_a_film_of_an_unknown_part_is_named_and_not_drawn():
    unknown = FILM.model_copy(update={"anatomy": "unknown"})
    _figure, items = drawn([unknown], lesions=[{"site": "leg", "kind": "ulcer"}])

    assert items.items[1].text.endswith("body part not known, not drawn")
