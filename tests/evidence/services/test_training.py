"""The training exercise: generated files go through the same intake as any other and say what they should."""

import pytest

from evidence.models import CustodyEvent, Investigation, MetadataReading
from evidence.services.readers.registry import PIXELS, WALKER
from evidence.services.reading import reading_run
from evidence.services.training import CODE, training_load
from tests.training_files import copy_training_files

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return copy_training_files(tmp_path_factory.mktemp("training"))


@pytest.fixture
def training(editor, monkeypatch):
    """The exercise as loaded; its files are drawn once for all tests."""
    monkeypatch.setattr("evidence.services.training.generate", copy_training_files)
    return training_load(actor=editor)


def test_it_is_marked_as_an_exercise_and_holds_every_generated_file(training, made):
    assert training.is_training
    assert training.media_items.count() == len(made)
    assert set(training.media_items.values_list("title", flat=True)) == {entry.title for entry in made}


def test_every_file_is_read_and_says_what_was_written_into_it(training, made):
    for reading in MetadataReading.objects.order_by("pk"):
        reading_run(reading_id=reading.pk)
    for entry in made:
        item = training.media_items.get(title=entry.title)
        walker = MetadataReading.objects.get(media_file__media_item=item, reader=WALKER)
        assert walker.state in ("done", "nothing_found"), (entry.key, walker.sentence)
        assert walker.latitude == pytest.approx(entry.expected.get("latitude"), abs=1e-6), entry.key
        assert walker.longitude == pytest.approx(entry.expected.get("longitude"), abs=1e-6), entry.key
        heading = entry.expected.get("heading_deg")
        assert walker.fields.get("heading_deg") == pytest.approx(heading, abs=0.01), entry.key
        pixels = MetadataReading.objects.get(media_file__media_item=item, reader=PIXELS)
        assert pixels.state in ("done", "nothing_found", "failed")
        if entry.key != "T07":  # broken on purpose
            assert item.files.filter(role="thumbnail").exists(), (entry.key, pixels.sentence)


def test_loading_it_twice_changes_nothing(training, editor):
    before = (Investigation.objects.count(), CustodyEvent.objects.count())
    assert training_load(actor=editor) is None
    assert (Investigation.objects.count(), CustodyEvent.objects.count()) == before
    assert Investigation.objects.get(code=CODE) == training
