"""The small map."""

from xml.etree import ElementTree

import pytest

from catalogue_client import Mark, sketch

SVG = "{http://www.w3.org/2000/svg}"


def mark(latitude: float, longitude: float, group: str = "video", label: str = "G01") -> Mark:
    return Mark(latitude=latitude, longitude=longitude, group=group, label=label)


def dots(marks) -> dict[str, tuple[float, float]]:
    root = ElementTree.fromstring(sketch(marks, title="Points")._repr_svg_())
    return {
        each.find(f"{SVG}title").text: (float(each.get("cx")), float(each.get("cy")))
        for each in root.iter(f"{SVG}circle")
        if each.find(f"{SVG}title") is not None
    }


def test_north_is_up_and_east_is_right():
    placed = dots([mark(39.9, 46.7, label="a"), mark(39.8, 46.8, label="b")])
    assert placed["a"][0] < placed["b"][0]
    assert placed["a"][1] < placed["b"][1]


def test_a_square_on_the_ground_is_a_square_in_the_drawing():
    # At 60 degrees a degree of longitude is half as long as one of latitude.
    placed = dots([mark(59.9, 10, label="a"), mark(60.1, 10, label="b"), mark(60.0, 10.4, label="c")])
    high = placed["a"][1] - placed["b"][1]
    assert placed["c"][0] - placed["a"][0] == pytest.approx(high, rel=0.001)


@pytest.mark.parametrize("marks", [[], [mark(0, 0)], [mark(-89.9, 179.9), mark(-89.9, 179.9)]])
def test_none_and_one_and_two_on_top_of_each_other_can_be_drawn(marks):
    root = ElementTree.fromstring(sketch(marks, title="Points").svg)
    assert root.findall(f"{SVG}path")


def test_what_people_wrote_is_text_and_never_markup():
    drawn = sketch([mark(1, 1, group="<b>&", label="</title><script>")], title="<i>").svg
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    ElementTree.fromstring(drawn)
