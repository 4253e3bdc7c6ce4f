"""auto-archiver's folders: each report a recording with its files, refused or quarantined row by row."""

import hashlib
import io
import json
import zipfile
from io import StringIO

import pytest
from django.core.management import call_command
from PIL import Image

from evidence.models import ArchivedCopy, CustodyEvent, MediaFile, MediaItem
from geolocation.importers.formats import auto_archiver_folders
from geolocation.models import Geolocation
from geolocation.services import importing_row
from geolocation.services.importing import import_stage
from geolocation.services.importing_apply import import_apply
from geolocation.services.importing_decide import import_let_in

pytestmark = pytest.mark.django_db
SAVED_PAGE = b"<!doctype html><html><head><title>A post</title></head><body>Smoke</body></html>"
CERTIFICATE = b"-----BEGIN CERTIFICATE-----\n"


def picture(colour):
    stream = io.BytesIO()
    Image.new("RGB", (48, 32), colour).save(stream, "JPEG")
    return stream.getvalue()


def said(name, content, **properties):
    stated = {"hash": "SHA-256:" + hashlib.sha256(content).hexdigest(), **properties}
    return {"filename": f"/tmp/work/{name}", "_key": f"a/{name}", "urls": [], "properties": stated}


def report(media, link="https://t.me/example/101", **more):
    metadata = {"url": link, "title": "Made-up bridge", "content": "Smoke", **more}
    return json.dumps({"status": "success", "metadata": metadata, "media": media}).encode()


def folder(number=1, colour="teal", **more):
    photo = picture(colour)
    page = said("page.html", SAVED_PAGE, id="html_source_code")
    page["urls"] = ["https://archive.example.org/101"]
    media = [said("photo.jpg", photo), page, said("cert.cer", CERTIFICATE, id="ssl_certificate")]
    return {
        f"{number}/metadata.json": report(media, link=f"https://t.me/example/{100 + number}", **more),
        f"{number}/photo.jpg": photo,
        f"{number}/page.html": SAVED_PAGE,
        f"{number}/cert.cer": CERTIFICATE,
    }


@pytest.fixture
def stage(tmp_path, investigator, investigation):
    def staged(members, name="result.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_DEFLATED)
        return import_stage(actor=investigator, investigation=investigation, path=path, name=name)

    return staged


def judged(batch):
    return [(row.verdict, row.reasons) for row in batch.rows.order_by("number")]


def everything():
    return (
        MediaItem.objects.count(),
        MediaFile.objects.count(),
        ArchivedCopy.objects.count(),
        CustodyEvent.objects.exclude(action="import.staged").count(),
    )


def test_a_folder_becomes_a_recording_with_its_link_archive_and_files(stage, investigator):
    batch = stage(folder())
    assert (batch.format, judged(batch)) == ("auto_archiver", [("new", [])])
    assert everything()[:3] == (0, 0, 0)
    assert import_apply(actor=investigator, batch=batch) == 1
    item = MediaItem.objects.get()
    appearance = item.appearances.get()
    assert (item.title, appearance.canonical_url) == ("Made-up bridge", "https://t.me/example/101")
    assert appearance.archived_url == "https://archive.example.org/101"
    assert item.files.get().sha256 == hashlib.sha256(picture("teal")).hexdigest()
    assert sorted(appearance.archived_copies.values_list("kind", flat=True)) == ["auto_archiver", "page"]
    actions = set(CustodyEvent.objects.values_list("action", flat=True))
    assert {"file.stored", "copy.added"} <= actions
    assert not Geolocation.objects.exists()


def test_the_same_folder_twice_changes_nothing(stage, investigator):
    import_apply(actor=investigator, batch=stage(folder()))
    before = everything()
    again = stage(folder() | folder(2, "brown"), "both.zip")
    assert [verdict for verdict, _reasons in judged(again)] == ["same", "new"]
    assert import_apply(actor=investigator, batch=stage(folder())) == 0
    assert everything() == before


def test_a_position_comes_only_from_the_metadata(stage, investigator):
    batch = stage(folder(latitude=39.8, longitude=46.7) | folder(2, "brown"))
    assert import_apply(actor=investigator, batch=batch) == 2
    made = Geolocation.objects.get()
    assert (made.state, made.media_item.files.count()) == ("draft", 1)
    assert MediaItem.objects.count() == 2


def test_a_file_that_is_not_the_stated_one_is_quarantined_and_stays_out(stage, investigator):
    members = folder() | folder(2, "brown")
    members["1/photo.jpg"] = picture("red")
    batch = stage(members)
    assert judged(batch) == [("doubtful", ["digest_differs"]), ("new", [])]
    assert import_apply(actor=investigator, batch=batch) == 1
    import_let_in(actor=investigator, batch=batch, number=1)
    assert import_apply(actor=investigator, batch=batch) == 1
    kept = set(MediaFile.objects.values_list("sha256", flat=True))
    assert kept == {hashlib.sha256(picture("brown")).hexdigest()}


def without(members, name):
    return {member: content for member, content in members.items() if member != name}


LATER = folder(2, "brown")


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (without(folder(), "1/photo.jpg"), "file_missing"),
        (folder() | {"1/metadata.json": b'{"metadata": '}, "not_a_row"),
        (folder() | {"1/metadata.json": report([], link="")}, "no_link"),
        ({"../metadata.json": report([])}, "file_path"),
        ({"1/metadata.json": report([{**said("x", b"x"), "_key": "../../etc/x"}])}, "file_path"),
        ({"1/metadata.json": report([said(f"{n}", b"x") for n in range(120)])}, "file_too_large"),
    ],
)
def test_a_folder_that_cannot_be_taken_hides_no_other(stage, members, reason):
    assert judged(stage(members | LATER)) == [("refused", [reason]), ("new", [])]


def test_what_unpacks_too_far_and_what_is_too_large_is_left_packed(stage, monkeypatch):
    zeros = b"\x00" * (3 << 20)
    bomb = {"1/metadata.json": report([said("zeros.mp4", zeros)]), "1/zeros.mp4": zeros}
    monkeypatch.setattr(auto_archiver_folders, "BOMB_FROM_BYTES", 1 << 20)
    assert judged(stage(bomb | LATER)) == [("refused", ["unpacks_too_far"]), ("new", [])]
    monkeypatch.setattr(auto_archiver_folders, "MOST_FILE_BYTES", 1 << 20)
    assert judged(stage(bomb | LATER)) == [("refused", ["file_too_large"]), ("new", [])]


def test_a_file_that_is_damaged_in_the_zip_is_its_rows_fault_alone(tmp_path, investigator, investigation):
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (folder() | LATER).items():
            archive.writestr(name, content)
    content = bytearray(path.read_bytes())
    content[content.index(picture("teal")) + 300] ^= 1
    path.write_bytes(content)
    batch = import_stage(actor=investigator, investigation=investigation, path=path, name=path.name)
    assert judged(batch) == [("refused", ["file_damaged"]), ("new", [])]


def test_a_run_that_was_killed_between_two_folders_goes_on(stage, investigator, monkeypatch):
    batch = stage(folder() | LATER)
    real = importing_row.row_files_add

    def killed(*, actor, batch, row):
        if row.number == 2:
            raise KeyboardInterrupt
        real(actor=actor, batch=batch, row=row)

    monkeypatch.setattr(importing_row, "row_files_add", killed)
    with pytest.raises(KeyboardInterrupt):
        import_apply(actor=investigator, batch=batch)
    assert (MediaItem.objects.count(), MediaFile.objects.count()) == (1, 1)
    monkeypatch.setattr(importing_row, "row_files_add", real)
    assert import_apply(actor=investigator, batch=batch) == 1
    assert (MediaItem.objects.count(), MediaFile.objects.count()) == (2, 2)


def test_the_sheet_and_then_the_folder_lead_to_one_recording(stage, tmp_path, investigator, investigation):
    path = tmp_path / "sheet.csv"
    path.write_text("Link,Archive Status,Archive Location\nhttps://t.me/example/101,success,\n")
    sheet = import_stage(actor=investigator, investigation=investigation, path=path, name=path.name)
    import_apply(actor=investigator, batch=sheet)
    batch = stage(folder())
    assert judged(batch) == [("changed", [])]
    assert import_apply(actor=investigator, batch=batch) == 1
    assert MediaItem.objects.get().files.count() == 1


def test_the_command_takes_a_folder_and_follows_no_link(tmp_path, investigator, investigation):
    root = tmp_path / "results"
    for name, content in folder().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(picture("red"))
    (root / "1" / "linked.jpg").symlink_to(secret)
    out = StringIO()
    options = {"investigation": investigation.code, "actor": investigator.email}
    call_command("import_points", root, stdout=out, **options)
    call_command("import_points", root, stdout=out, **options)
    assert "I01 results (auto_archiver): 1 new" in out.getvalue()
    assert "I01 results (auto_archiver): 0 new, 0 changed, 1 same" in out.getvalue()
    assert MediaFile.objects.count() == 1
