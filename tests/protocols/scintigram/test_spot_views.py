"""Views of parts of the body beside the whole body."""

from calcinet.protocols.scintigram.spot_views import join_spot_views
from calcinet.record import ImageRecord, NotMeasured, ScintigramRecord, UptakeSegment

SEGMENT = UptakeSegment(part="thigh", side="L", density=1.0)


def whole(number: int) -> ImageRecord:
    """A whole body of one segment."""
    scan = ScintigramRecord(views=("anterior",), whole_body=True, counts=1e6, segments=(SEGMENT,))
    return made(number, scan)


def spot(number: int) -> ImageRecord:
    """A view of a part."""
    return made(number, ScintigramRecord(views=("anterior",), whole_body=False, counts=1e5))


def made(number: int, scan: ScintigramRecord) -> ImageRecord:
    lines = NotMeasured(measure="resolvable_mm", because="no lines")
    return ImageRecord(
        id=f"img-{number}",
        modality="NM",
        not_measured=(lines,),
        measures={"uptake.counts": scan.counts},
        scintigram=scan,
    )


def test_a_view_of_a_part_is_joined_with_the_nearest_whole_body():
    """Two whole bodies a month apart; the view was begun an hour after the second."""
    first, second, part = join_spot_views([whole(1), whole(2), spot(3)], {"img-1": 0.0, "img-2": 720.0, "img-3": 721.0})

    assert (first.scintigram.spot_views, second.scintigram.spot_views) == ((), ("img-3",))
    assert part.refused is None
    assert "img-2" in part.statements[-1]
    assert "img-3" in second.statements[-1]


def test_a_view_of_a_part_of_another_day_is_refused():
    """Nine hours after the whole body; one sentence, no measure."""
    _, part = join_spot_views([whole(1), spot(2)], {"img-1": 0.0, "img-2": 9.0})

    assert part.refused.code == "spot-view"
    assert part.measures == {}
    assert "give the whole-body scan" in part.refused.reason


def test_a_view_without_time_is_joined_with_the_only_whole_body():
    """With two it is not known which."""
    _, part = join_spot_views([whole(1), spot(2)], {})
    *_, unknown = join_spot_views([whole(1), whole(2), spot(3)], {})

    assert part.refused is None
    assert unknown.refused is not None


def test_other_images_stay_as_they_are():
    """A whole body alone."""
    assert join_spot_views([whole(1)], {}) == [whole(1)]
