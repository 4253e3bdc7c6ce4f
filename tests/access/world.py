"""Two closed investigations and a published one, with something of everything in each, and who asks."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files import File
from django.utils import timezone
from PIL import Image

from evidence.models import Investigation, MediaFile, MediaItem, MediaLikeness, Role
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.archived_copies import archived_copy_add, archived_copy_store
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_evidence_link, claim_log
from evidence.services.ingest import original_store
from evidence.services.intake import batch_of_folder
from evidence.services.investigations import (
    investigation_blind_set,
    investigation_open,
    investigation_publish,
    member_set,
)
from evidence.services.media import MediaDetails, media_create, media_log_file
from evidence.storage import media_storage
from geolocation.models import (
    ExportJob,
    Geolocation,
    Tombstone,
    VerifiedPoint,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from geolocation.querysets import PointFilter
from geolocation.services.export_jobs import export_ask, file_path
from geolocation.services.geolocations import geolocation_propose, geolocation_retract
from geolocation.services.importing import import_check, import_receive
from geolocation.services.review import review_decide
from geolocation.services.snapshots import snapshot_publish
from osint_catalogue.accounts.backends import CatalogueBackend
from osint_catalogue.accounts.models import ApiToken, User
from osint_catalogue.accounts.services import invitation_send
from tests.access.rules import MEMBERS
from tests.geolocation.conftest import ALL_YES, a_proposal

Values = Mapping[str, Any]
BACKEND = f"{CatalogueBackend.__module__}.{CatalogueBackend.__qualname__}"


@dataclass
class World:
    """What is there: the values that addresses are made of, by investigation, and how each role comes in."""

    ours: Values
    theirs: Values
    published: Values
    people: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    bearers: dict[str, str] = field(default_factory=dict)


def person(name: str, **fields: Any) -> User:
    email = f"{name.replace(' ', '.').replace(',', '')}@example.org"
    user = User.objects.create_user(email, "a long password of a test", name=name.title(), **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def build() -> World:
    """Everything, once. Their references are numbered higher than ours, so that none is valid in both."""
    people = {name: person(name) for name in ("stranger", *MEMBERS)}
    demo = people["demo, switched off"] = person("demo, switched off", is_demo=True)
    ours = _investigation("OURS", people, first=1)
    member_set(actor=people["editor"], investigation=ours["investigation"], user=demo, role=Role.EDITOR)
    published = _investigation("SHOWN", people, first=200)
    investigation_publish(actor=people["editor"], investigation=published["investigation"], public=True)
    outside = {role: people["stranger"] if role == "editor" else person(f"their {role}") for role in MEMBERS}
    world = World(ours, _investigation("THEIRS", outside, first=100), published, people)
    world.sessions = {name: _session(user) for name, user in people.items()}
    world.bearers = {
        "token": ApiToken.issue(user=people["investigator"], name="script")[1],
        "foreign token": ApiToken.issue(user=people["stranger"], name="script")[1],
    }
    return world


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _investigation(code: str, people: dict[str, User], *, first: int) -> dict[str, Any]:
    investigation = investigation_open(actor=people["editor"], code=code, title=f"The case {code}")
    for role in MEMBERS[:-1]:
        member_set(actor=people["editor"], investigation=investigation, user=people[role], role=role)
    return {
        "code": code,
        "investigation": investigation,
        **_evidence(investigation, people, first),
        **_import(investigation, people, first),
        **_webhook(investigation, people, first),
        **_geolocations(investigation, people, first),
        **_delivery(investigation),
        "snapshot": snapshot_publish(
            actor=people["editor"], investigation=investigation, name="First release"
        ).short_name,
        "export": _export(investigation, people),
        **_blind_round(investigation, people, first),
        **_invited(investigation, people),
        "nothing": uuid4(),
    }


def _evidence(investigation: Investigation, people: dict[str, User], first: int) -> dict[str, Any]:
    actor = people["investigator"]
    logged = media_log_file(
        actor=actor,
        investigation=investigation,
        stored=original_store(_picture(first)),
        details=MediaDetails(),
    )
    item = logged.item
    type(item).objects.filter(pk=item.pk).update(reference=f"M{first:02}")
    item.refresh_from_db()
    appearance = appearance_add(
        actor=actor, item=item, url=f"https://example.org/post/{first}", posted=PostedTime()
    )
    copy = archived_copy_add(
        actor=actor, appearance=appearance, stored=archived_copy_store(_picture(first))
    ).copy
    source = source_add(actor=actor, investigation=investigation, name=f"Harbour office {first}")
    place = place_add(
        actor=actor,
        investigation=investigation,
        names=[Name(name=f"Quay {first}", language="en", is_shown=True)],
    )
    batch, _existed = batch_of_folder(actor=actor, investigation=investigation, name=f"Card {first}")
    type(batch).objects.filter(pk=batch.pk).update(reference=f"B{first:02}")
    claim = claim_log(
        actor=actor,
        investigation=investigation,
        details=ClaimDetails(statement="The shed burned.", claimant=source),
        reference=f"C{first:02}",
    )
    link = claim_evidence_link(actor=actor, claim=claim, media_item=item, relation="supports")
    assert logged.media_file is not None
    return {
        "item": item,
        "alike": _alike(investigation, actor, logged.media_file, first),
        "media": item.reference,
        "batch": f"B{first:02}",
        "sha256": logged.media_file.sha256,
        "reading": logged.media_file.readings.order_by("pk")[0].pk,
        "reader": "walker",
        "appearance": appearance.pk,
        "copy": copy.pk,
        "source": source.pk,
        "source key": source.key,
        "place": place.pk,
        "place key": place.key,
        "claim": claim.reference,
        "link": link.pk,
    }


def _alike(investigation: Investigation, actor: User, media_file: MediaFile, first: int) -> str:
    """Another item that the workers found to look like the first; its reference."""
    other = media_log_file(
        actor=actor,
        investigation=investigation,
        stored=original_store(_picture(first + 9)),
        details=MediaDetails(),
    )
    MediaItem.objects.filter(pk=other.item.pk).update(reference=f"M{first + 9:02}")
    MediaLikeness.objects.create(
        investigation=investigation,
        item_a=media_file.media_item,
        item_b=other.item,
        file_a=media_file,
        file_b=other.media_file,
        kind="whole",
        score=0.9,
    )
    return f"M{first + 9:02}"


def _geolocations(investigation: Investigation, people: dict[str, User], first: int) -> dict[str, Any]:
    """One of each state that addresses differ by."""
    made: list[Geolocation] = []
    for number, submit in enumerate((False, True, True, True)):
        item = media_create(
            actor=people["investigator"],
            investigation=investigation,
            details=MediaDetails(title="Smoke over the quay"),
            reference=f"M{first + 1 + number:02}",
        )
        made.append(
            geolocation_propose(
                actor=people["investigator"],
                media_item=item,
                proposal=a_proposal(),
                submit=submit,
                reference=f"G{first + number:02}",
            )
        )
    draft, in_review, verified, retracted = made
    for geolocation in (verified, retracted):
        revision = geolocation.current_revision
        assert revision is not None
        review_decide(actor=people["reviewer"], revision=revision, decision="approve", checklist=ALL_YES)
    geolocation_retract(actor=people["editor"], geolocation=retracted, reason="The mast is another one.")
    return {
        "draft": draft.reference,
        "geolocation": in_review.reference,
        "verified": verified.reference,
        "point": VerifiedPoint.objects.get(geolocation=verified).uid,
        "revision number": 1,
        "extension": "bib",
        # A number of a tile: 0/0/0 is the whole world.
        "zero": "0",
        "tombstone": Tombstone.objects.get(geolocation=retracted).uid,
    }


def _import(investigation: Investigation, people: dict[str, User], first: int) -> dict[str, Any]:
    """A file of points, checked: one is new, one doubtful, one refused."""
    stored = media_storage().put([b"id,lat,lon\na,39.8,46.7\nb,0,0\nc,99,46.7\n"])
    actor = people["investigator"]
    batch, _existed = import_receive(
        actor=actor, investigation=investigation, stored=stored, name="points.csv"
    )
    mapping = {"upstream_id": "id", "latitude": "lat", "longitude": "lon"}
    import_check(actor=actor, batch=batch, mapping=mapping)
    type(batch).objects.filter(pk=batch.pk).update(reference=f"I{first:02}")
    return {"import": f"I{first:02}"}


def _webhook(investigation: Investigation, people: dict[str, User], first: int) -> dict[str, Any]:
    """An address that is told of the points made after it. Written as it is: nothing is looked up."""
    webhook = Webhook.objects.create(
        investigation=investigation,
        url=f"https://example.org/hook/{first}",
        events=WebhookEvent.values,
        nonce="0" * 64,
        created_by=people["editor"],
    )
    return {"webhook": webhook.pk}


def _delivery(investigation: Investigation) -> dict[str, Any]:
    return {"delivery": WebhookDelivery.objects.filter(webhook__investigation=investigation).latest("pk").pk}


def _export(investigation: Investigation, people: dict[str, User]) -> Any:
    """A file that the investigator had made in the background."""
    job = export_ask(
        actor=people["investigator"],
        format_key="csv",
        wanted=PointFilter(investigation=investigation.code),
        asked={"investigation": investigation.code},
        text=f"investigation={investigation.code}",
    )
    file_path(job.uid, job.format).write_bytes(b"id\r\n")
    now = timezone.now()
    ExportJob.objects.filter(pk=job.pk).update(
        state="done",
        sha256="0" * 64,
        rows_of=0,
        size_bytes=4,
        shown_at=now,
        finished_at=now,
        expires_at=now + timedelta(days=1),
    )
    return job.uid


def _blind_round(investigation: Investigation, people: dict[str, User], first: int) -> dict[str, Any]:
    """A round in which two people agreed, from a time when the investigation asked for it."""
    investigation_blind_set(actor=people["editor"], investigation=investigation, on=True)
    item = media_create(
        actor=people["investigator"],
        investigation=investigation,
        details=MediaDetails(title="The quay again"),
        reference=f"M{first + 10:02}",
    )
    for number, name in enumerate(("investigator", "reviewer")):
        geolocation_propose(
            actor=people[name],
            media_item=item,
            proposal=a_proposal(),
            submit=True,
            reference=f"G{first + 10 + number:02}",
        )
    investigation_blind_set(actor=people["editor"], investigation=investigation, on=False)
    return {"round": item.reference}


def _invited(investigation: Investigation, people: dict[str, User]) -> dict[str, Any]:
    invitation, link = invitation_send(
        actor=people["editor"], investigation=investigation, email="new@example.org", role=Role.VIEWER
    )
    token, _secret = ApiToken.issue(user=people["investigator"], name="GIS")
    member = investigation.memberships.get(user=people["viewer"])
    return {
        "invitation": invitation.pk,
        "invitation secret": link.rstrip("/").split("/")[-1],
        "member": member.pk,
        "token": token.pk,
    }


def _picture(shade: int) -> Any:
    stream = io.BytesIO()
    Image.new("L", (16, 16), shade).save(stream, "JPEG")
    stream.seek(0)
    return File(stream, f"{shade}.jpg")
