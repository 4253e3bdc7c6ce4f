"""Which imports a person may see, and which files are taken as one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evidence.errors import FileKindRefused, FileRefused, FileTooLarge, NotFound
from evidence.incoming import IncomingUpload
from evidence.models import Investigation
from evidence.permissions import may, require
from evidence.services.ingest import Upload, file_empty
from evidence.storage import StoredBytes, media_storage
from geolocation.models import ImportBatch

# A million rows of a usual CSV are 150 MB.
MOST_BYTES = 512 << 20


def imports_of(*, actor: Any, investigation: Investigation) -> QuerySet[ImportBatch]:
    """The imports a person may see. Where a blind second is asked for, others' show what is still sealed:
    there everybody sees their own, and editors all. NotAllowed for who may not propose.
    """
    require(actor, "geolocation.propose", investigation)
    batches = ImportBatch.objects.filter(investigation=investigation)
    if investigation.blind_since is not None and not may(actor, "geolocation.resolve_round", investigation):
        batches = batches.filter(created_by=actor)
    return batches.select_related("investigation", "created_by", "asked_by")


def import_named(*, actor: Any, investigation: Investigation, reference: str) -> ImportBatch:
    """The import with this reference, if the person may see it; else NotFound."""
    batches = imports_of(actor=actor, investigation=investigation)
    found = batches.filter(reference__iexact=reference).first()
    if found is None:
        raise NotFound(_("There is no import %(reference)s here.") % {"reference": reference[:20]})
    return found


def import_refuse(name: str, head: bytes) -> FileRefused | None:
    """The refusal of a file that is no text, table or archive of one by its first bytes."""
    if head.startswith(b"PK\x03\x04") or b"\x00" not in head:
        return None
    sentence = _("“%(name)s” holds no table of points. Send CSV, XLSX, JSON, GeoJSON, KML or GPX.")
    return FileKindRefused(sentence % {"name": name[:80]}, field="file")


def import_store(upload: Upload) -> StoredBytes:
    """Keep a file as it was sent, under its digest. Raises FileRefused."""
    name = upload.name or ""
    if isinstance(upload, IncomingUpload):
        if upload.refusal is not None:
            raise upload.refusal
        if upload.size and upload.size > MOST_BYTES:
            raise FileTooLarge(
                _("“%(name)s” has more than %(most)d MiB. Cut it into several files.")
                % {"name": name[:80], "most": MOST_BYTES >> 20},
                field="file",
            )
        if upload.size:
            return media_storage().keep(upload.incoming)
    raise file_empty(name)
