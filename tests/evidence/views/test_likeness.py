"""The pages of recordings that look alike: what they show to whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from evidence.models import FileRole, Investigation, MediaFile, MediaItem, Role
from evidence.services.investigations import investigation_open, member_set
from evidence.storage import media_storage
from evidence.views.likeness import Side
from osint_catalogue.accounts.models import User
from tests.evidence.alike import log_picture, read_all
from tests.evidence.fingerprints.scenes import jpeg_30, scene

ClientOf = Callable[[Any], Client]


@pytest.fixture
def elsewhere(investigation: Investigation, investigator: User, editor: User) -> Investigation:
    """Another investigation of the editor's, with the picture that the first one has."""
    other = investigation_open(actor=editor, code="OTHER", title="Another case")
    log_picture(investigator, investigation, scene(1), title="Ours")
    log_picture(editor, other, jpeg_30(scene(1)), title="A secret title")
    read_all()
    return other


def test_other_investigations_are_looked_into_for_their_members_only(
    client_of: ClientOf, elsewhere: Investigation, investigation: Investigation, editor: User, viewer: User
) -> None:
    address = f"/{investigation.code}/media/M01/elsewhere/"
    page = client_of(editor).get(address)
    assert page.status_code == 200
    assert "A secret title" in page.content.decode()
    # The viewer belongs to the first one alone, and learns nothing, not even that there is something.
    page = client_of(viewer).get(address)
    assert "A secret title" not in page.content.decode()
    assert "You belong to no other investigation." in page.content.decode()
    member_set(actor=editor, investigation=elsewhere, user=viewer, role=Role.VIEWER)
    assert "A secret title" in client_of(viewer).get(address).content.decode()


def test_no_pair_is_kept_between_investigations(
    client_of: ClientOf, elsewhere: Investigation, investigation: Investigation, editor: User
) -> None:
    for code in (investigation.code, elsewhere.code):
        assert "Nothing waits here." in client_of(editor).get(f"/{code}/likeness/").content.decode()


def test_an_unknown_state_shows_the_suggestions(
    client_of: ClientOf, investigation: Investigation, viewer: User
) -> None:
    page = client_of(viewer).get(f"/{investigation.code}/likeness/?state=nonsense&page=999")
    assert page.status_code == 200
    assert page.context["state"] == "suggested"


@pytest.mark.parametrize("pair", ["M01/M01", "M01/M99", "M99/M98"])
def test_what_is_no_pair_has_no_page(
    pair: str, client_of: ClientOf, investigation: Investigation, media_item: MediaItem, viewer: User
) -> None:
    assert client_of(viewer).get(f"/{investigation.code}/likeness/{pair}/").status_code == 404


def test_the_viewing_copy_is_played_where_browsers_do_not_play_the_original(
    media_item: MediaItem, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    original = MediaFile(
        pk=1, sha256=media_storage().put([b"original"]).sha256, mime_type="video/x-msvideo", role="original"
    )
    proxy = MediaFile(
        pk=2, sha256=media_storage().put([b"proxy"]).sha256, mime_type="video/mp4", role=FileRole.PROXY
    )
    poster = MediaFile(pk=3, sha256="c" * 64, mime_type="image/jpeg", role=FileRole.POSTER)

    def played(**pictures: MediaFile) -> MediaFile | None:
        found = {str(FileRole[name.upper()]): file for name, file in pictures.items()}
        side = Side(item=media_item, media_file=original, pictures=found, from_s=None, to_s=None)
        assert side.is_playable is (side.played is not None)
        return side.played

    assert played(poster=poster) is None
    assert played(poster=poster, proxy=proxy) is proxy
    assert played(proxy=proxy) is None, "our own decoder gave up on it"
    original.mime_type = "video/mp4"
    assert played(poster=poster) is original
    media_storage().path_of(original.sha256).unlink()
    assert played(poster=poster) is None
