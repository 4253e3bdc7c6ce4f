"""Addresses of logging media, the list, the page of each item, and stored files."""

from django.urls import URLPattern, path

from evidence.views import archived_copies, batches, files, media, media_list, media_log, media_readings

urlpatterns: list[URLPattern] = [
    path("<code:code>/log/", media_log.log, name="media-log"),
    path("<code:code>/log/file/", media_log.upload, name="media-upload"),
    path("<code:code>/batches/", batches.index, name="batch-list"),
    path("<code:code>/batches/folder/", batches.folder, name="batch-folder"),
    path("<code:code>/batches/<reference>/", batches.detail, name="batch-detail"),
    path("<code:code>/batches/<reference>/lines/", batches.lines, name="batch-lines"),
    path("<code:code>/batches/<reference>/report/", batches.report, name="batch-report"),
    path("<code:code>/batches/<reference>/file/", batches.file, name="batch-file"),
    path("<code:code>/batches/<reference>/end/", batches.end, name="batch-end"),
    path("<code:code>/batches/<reference>/retry/", batches.retry, name="batch-retry"),
    path("<code:code>/media/", media_list.index, name="media-list"),
    path("<code:code>/media/<reference>/", media.detail, name="media-detail"),
    path("<code:code>/media/<reference>/edit/", media.edit, name="media-edit"),
    path("<code:code>/media/<reference>/readings/", media.readings, name="media-readings"),
    path("<code:code>/media/<reference>/readings/<int:reading_id>/retry/", media.retry, name="reading-retry"),
    path("<code:code>/media/<reference>/tags/", media_readings.tags, name="media-tags"),
    path(
        "<code:code>/media/<reference>/files/<sha256>/ask/<reader>/", media_readings.ask, name="reading-ask"
    ),
    path("<code:code>/media/<reference>/appearances/", media.appearance, name="appearance-add"),
    path(
        "<code:code>/media/<reference>/appearances/<int:appearance_id>/copies/",
        media.copy_add,
        name="copy-add",
    ),
    path("<code:code>/media/<reference>/copies/<int:copy_id>/", archived_copies.copy, name="copy"),
    path("<code:code>/media/<reference>/copies/<int:copy_id>/file/", archived_copies.file, name="copy-file"),
    path(
        "<code:code>/media/<reference>/copies/<int:copy_id>/retry/", archived_copies.retry, name="copy-retry"
    ),
    path("<code:code>/files/<sha256>/", files.file, name="file"),
]
