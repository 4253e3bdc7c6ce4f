"""The access table: one line an address. The name of a pattern, its class of access, what its parts are.

`code` is always the investigation; every other part names something in it (see world.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.access.rules import (
    NOT_ALLOWED,
    Access,
    act,
    everybody,
    form,
    of_api,
    of_page,
    page,
    resource,
    safe,
    signed_in,
)


@dataclass(frozen=True)
class Row:
    """Who gets what at one address."""

    access: Access
    parts: dict[str, str] = field(default_factory=dict)
    # One address of a pattern that has no name to make it from.
    path: str = ""


def row(access: Access, **parts: str) -> Row:
    return Row(access, parts)


PUBLIC = Access(safe(everybody("200")), NOT_ALLOWED)
# People see their investigations; for the others it leads to what is public.
START = Access(safe(signed_in("200", nobody="302", tokens="302")), NOT_ALLOWED)
# The sign-in library's pages: those before signing in, and those of one's own account.
ENTRANCE = Access({}, everybody("library"))
OWN_ACCOUNT = Access({}, signed_in("library"))
OWN_PAGE = Access(safe(signed_in("200")), NOT_ALLOWED)
OWN_FORM = Access({**safe(signed_in("200")), "POST": signed_in("through")}, NOT_ALLOWED)
OWN_ACT = Access({"POST": signed_in("through")}, NOT_ALLOWED)
# Points of an investigation that is not published: to those who do not belong to it they do not exist.
READS_POINTS = {**signed_in("200", nobody="404", tokens="404"), "stranger": "404", "token": "200"}
POINTS_RESOURCE = Access({**safe(READS_POINTS), "OPTIONS": everybody("200")}, NOT_ALLOWED)
# A file that the investigator had made: to everybody else it does not exist, whatever their role.
OWN_EXPORT = {**signed_in("404"), "investigator": "200"}
OWN_EXPORT_RESOURCE = {**signed_in("404", nobody="401", tokens="404"), "investigator": "200", "token": "200"}
PUBLIC_RESOURCE = Access({**safe(everybody("200")), "OPTIONS": everybody("200")}, NOT_ALLOWED)
PEOPLES_RESOURCE = Access(
    {
        **safe(signed_in("200", nobody="401", tokens="200")),
        "POST": signed_in("through", nobody="401", tokens="through"),
        "OPTIONS": signed_in("200", nobody="401", tokens="200"),
    },
    signed_in("405", nobody="401", tokens="405"),
)
# What only its author may, whatever rank the others have; the investigator is the author.
AUTHORS_ACT = Access(
    {
        "POST": {**of_api("investigator", "through"), "reviewer": "403", "editor": "403"},
        "OPTIONS": of_api("viewer", "200"),
    },
    of_api("viewer", "405"),
)

# What a batch brings in is logged in the name of who began it: the investigator.
BEGINNERS_ACT = Access(
    {"POST": {**of_page("investigator", "through"), "reviewer": "403", "editor": "403"}}, NOT_ALLOWED
)

MEDIA = {"reference": "media"}
BATCH = {"reference": "batch"}
IMPORT = {"reference": "import"}
CLAIM = {"reference": "claim"}
GEOLOCATION = {"reference": "geolocation"}

TABLE: dict[str, Row] = {
    "healthz": row(PUBLIC),
    "readyz": row(Access(safe(everybody("503")), NOT_ALLOWED)),  # no worker runs beside the tests
    "geolocation:checks-explained": row(PUBLIC),
    # --- people
    "accounts:token-list": row(OWN_FORM),
    "accounts:token-end": row(
        Access({"POST": {**signed_in("404"), "investigator": "through"}}, NOT_ALLOWED), token_id="token"
    ),
    "accounts:invitation": row(
        Access({**safe(everybody("200")), "POST": everybody("through")}, NOT_ALLOWED),
        secret="invitation secret",
    ),
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_inactive",
            "account_signup",
            "account_email_verification_sent",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
        ),
        row(ENTRANCE),
    ),
    "account_confirm_email": row(ENTRANCE, key="nothing"),
    "account_reset_password_from_key": row(ENTRANCE, uidb36="member", key="nothing"),
    **dict.fromkeys(
        (
            "account_reauthenticate",
            "account_email",
            "account_change_password",
            "account_set_password",
            "account_confirm_login_code",
            "mfa_index",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
        ),
        row(OWN_ACCOUNT),
    ),
    "mfa_remove_webauthn": row(OWN_ACCOUNT, pk="member"),
    "mfa_edit_webauthn": row(OWN_ACCOUNT, pk="member"),
    "accounts:member-list": row(page("viewer")),
    "accounts:invite": row(act("editor")),
    "accounts:member-role": row(act("editor"), member_id="member"),
    "accounts:member-end": row(act("editor"), member_id="member"),
    "accounts:invitation-end": row(act("editor"), invitation_id="invitation"),
    # --- investigations
    "evidence:investigation-list": row(START),
    "evidence:investigation-open": row(OWN_FORM),
    "evidence:search": row(OWN_PAGE),
    "evidence:investigation": row(page("viewer")),
    "evidence:investigation-settings": row(form("editor")),
    "evidence:investigation-publish": row(act("editor")),
    "evidence:investigation-blind": row(act("editor")),
    "evidence:custody-log": row(page("viewer")),
    "evidence:custody-download": row(page("viewer")),
    "evidence:source-list": row(page("viewer")),
    "evidence:source-add": row(form("investigator")),
    "evidence:place-list": row(page("viewer")),
    "evidence:place-add": row(form("investigator")),
    # --- claims
    "evidence:claim-list": row(page("viewer")),
    "evidence:claim-add": row(form("investigator")),
    "evidence:claim-detail": row(page("viewer"), **CLAIM),
    "evidence:claim-edit": row(form("investigator"), **CLAIM),
    "evidence:claim-link": row(act("investigator"), **CLAIM),
    "evidence:claim-unlink": row(act("investigator"), **CLAIM),
    "evidence:claim-assess": row(act("reviewer"), **CLAIM),
    # --- media
    "evidence:batch-list": row(form("investigator")),
    "evidence:batch-folder": row(act("investigator")),
    "evidence:batch-detail": row(page("viewer"), **BATCH),
    "evidence:batch-lines": row(page("viewer"), **BATCH),
    "evidence:batch-report": row(page("viewer"), **BATCH),
    "evidence:batch-file": row(BEGINNERS_ACT, **BATCH),
    "evidence:batch-end": row(BEGINNERS_ACT, **BATCH),
    "evidence:batch-retry": row(BEGINNERS_ACT, **BATCH),
    "evidence:media-log": row(form("investigator")),
    "evidence:media-upload": row(act("investigator")),
    "evidence:media-list": row(page("viewer")),
    "evidence:media-detail": row(page("viewer"), **MEDIA),
    "evidence:media-edit": row(form("investigator"), **MEDIA),
    "evidence:media-readings": row(page("viewer"), **MEDIA),
    "evidence:reading-retry": row(act("investigator"), **MEDIA, reading_id="reading"),
    "evidence:media-tags": row(page("viewer"), **MEDIA),
    "evidence:reading-ask": row(act("investigator"), **MEDIA, sha256="sha256", reader="reader"),
    "evidence:appearance-add": row(act("investigator"), **MEDIA),
    "evidence:copy-add": row(act("investigator"), **MEDIA, appearance_id="appearance"),
    "evidence:copy": row(page("viewer"), **MEDIA, copy_id="copy"),
    "evidence:copy-file": row(page("viewer"), **MEDIA, copy_id="copy"),
    "evidence:copy-retry": row(act("investigator"), **MEDIA, copy_id="copy"),
    "evidence:likeness-list": row(page("viewer")),
    "evidence:likeness-compare": row(form("investigator", read_by="viewer"), **MEDIA, other="alike"),
    "evidence:likeness-elsewhere": row(page("viewer"), **MEDIA),
    "evidence:file": row(page("viewer"), sha256="sha256"),
    # --- geolocations
    "geolocation:geolocate": row(form("investigator"), **MEDIA),
    "geolocation:take-over": row(act("investigator"), **MEDIA),
    "geolocation:shadow": row(page("viewer"), **MEDIA),
    "geolocation:resection": row(Access({"POST": of_page("investigator", "200")}, NOT_ALLOWED), **MEDIA),
    "geolocation:parse-position": row(Access({"GET": of_page("investigator", "200")}, NOT_ALLOWED)),
    "geolocation:map": row(page("viewer")),
    "geolocation:detail": row(page("viewer"), **GEOLOCATION),
    "geolocation:checks": row(page("viewer"), **GEOLOCATION),
    "geolocation:revise": row(form("investigator"), **GEOLOCATION),
    "geolocation:submit": row(act("investigator"), reference="draft"),
    "geolocation:withdraw": row(act("investigator"), **GEOLOCATION),
    "geolocation:disclosure": row(form("editor", read_by="viewer"), **GEOLOCATION),
    "geolocation:retract": row(act("editor"), reference="verified"),
    "geolocation:review-queue": row(page("viewer")),
    "geolocation:review-next": row(page("viewer", "302")),
    "geolocation:review": row(form("reviewer", read_by="viewer"), **GEOLOCATION),
    # A round that is over, so that every member may see it; see test_blind_rounds.py for one that is not.
    "geolocation:second-looks": row(page("viewer")),
    "geolocation:blind-round": row(form("editor", read_by="viewer"), reference="round"),
    # --- verified points
    "geolocation:public-points": row(PUBLIC),
    "geolocation:point": row(Access(safe({**READS_POINTS, "token": "404"}), NOT_ALLOWED), uid="point"),
    "geolocation:point-revision": row(
        Access(safe({**READS_POINTS, "token": "404"}), NOT_ALLOWED), uid="point", number="revision number"
    ),
    "geolocation:point-citation": row(
        Access(safe({**READS_POINTS, "token": "404"}), NOT_ALLOWED), uid="point", extension="extension"
    ),
    "geolocation:public-feed": row(PUBLIC),
    "geolocation:verified-points": row(page("viewer")),
    "geolocation:exports": row(OWN_PAGE),
    "geolocation:export-ask": row(OWN_FORM),
    "geolocation:export": row(Access(safe(OWN_EXPORT), NOT_ALLOWED), uid="export"),
    "geolocation:export-file": row(Access(safe(OWN_EXPORT), NOT_ALLOWED), uid="export"),
    "geolocation:export-end": row(
        Access({"POST": {**OWN_EXPORT, "investigator": "through"}}, NOT_ALLOWED), uid="export"
    ),
    "geolocation:snapshots": row(form("editor", read_by="viewer")),
    "geolocation:snapshot": row(Access(safe({**READS_POINTS, "token": "404"}), NOT_ALLOWED), name="snapshot"),
    # --- other people's points
    "geolocation:imports": row(form("investigator")),
    "geolocation:import": row(page("investigator"), **IMPORT),
    "geolocation:import-progress": row(page("investigator"), **IMPORT),
    "geolocation:import-points": row(page("investigator"), **IMPORT),
    "geolocation:import-errors": row(page("investigator"), **IMPORT),
    "geolocation:import-columns": row(form("investigator"), **IMPORT),
    "geolocation:import-check": row(act("investigator"), **IMPORT),
    "geolocation:import-apply": row(act("investigator"), **IMPORT),
    "geolocation:import-cancel": row(act("investigator"), **IMPORT),
    "geolocation:import-decide": row(act("investigator"), **IMPORT),
    # --- webhooks
    "geolocation:webhooks": row(form("editor")),
    "geolocation:webhook-log": row(page("editor"), webhook_id="webhook"),
    "geolocation:webhook-end": row(act("editor"), webhook_id="webhook"),
    "geolocation:webhook-resume": row(act("editor"), webhook_id="webhook"),
    "geolocation:webhook-again": row(act("editor"), webhook_id="webhook", delivery_id="delivery"),
    # --- OGC API - Features
    "geolocation:ogc-landing": row(PUBLIC_RESOURCE),
    "geolocation:ogc-api": row(PUBLIC_RESOURCE),
    "geolocation:ogc-conformance": row(PUBLIC_RESOURCE),
    "geolocation:ogc-collections": row(PUBLIC_RESOURCE),
    "geolocation:ogc-collection": row(POINTS_RESOURCE, collection="code"),
    "geolocation:ogc-queryables": row(POINTS_RESOURCE, collection="code"),
    "geolocation:ogc-items": row(POINTS_RESOURCE, collection="code"),
    "geolocation:ogc-item": row(POINTS_RESOURCE, collection="code", uid="point"),
    # --- vector tiles
    "geolocation:tiles-json": row(PUBLIC_RESOURCE),
    "geolocation:tile": row(PUBLIC_RESOURCE, z="zero", x="zero", y="zero"),
    "geolocation:investigation-tiles-json": row(POINTS_RESOURCE),
    "geolocation:investigation-tile": row(POINTS_RESOURCE, z="zero", x="zero", y="zero"),
    # --- the API
    "unnamed ^api(/|$)": Row(Access({}, everybody("404")), path="/api/v2/points"),
    "api-schema": row(PUBLIC_RESOURCE),
    "api-unknown": row(Access({}, everybody("404"))),
    "api-investigations": row(PEOPLES_RESOURCE),
    "api-investigation": row(resource(reads="viewer")),
    "api-sources": row(resource(reads="viewer", POST="investigator")),
    "api-source": row(resource(reads="viewer"), key="source key"),
    "api-places": row(resource(reads="viewer", POST="investigator")),
    "api-place": row(resource(reads="viewer"), key="place key"),
    "api-claims": row(resource(reads="viewer", POST="investigator")),
    "api-claim": row(resource(reads="viewer"), **CLAIM),
    "api-claim-assessment": row(resource(POST="reviewer"), **CLAIM),
    "api-claim-evidence": row(resource(POST="investigator"), **CLAIM),
    "api-batches": row(resource(reads="viewer", POST="investigator")),
    "api-batch": row(resource(reads="viewer"), **BATCH),
    "api-batch-members": row(resource(reads="viewer"), **BATCH),
    "api-imports": row(resource(reads="investigator", POST="investigator")),
    "api-import": row(resource(reads="investigator"), **IMPORT),
    "api-import-rows": row(resource(reads="investigator"), **IMPORT),
    "api-import-errors": row(resource(reads="investigator"), **IMPORT),
    "api-import-check": row(resource(POST="investigator"), **IMPORT),
    "api-import-apply": row(resource(POST="investigator"), **IMPORT),
    "api-import-cancel": row(resource(POST="investigator"), **IMPORT),
    "api-import-decisions": row(resource(POST="investigator"), **IMPORT),
    "api-media": row(resource(reads="viewer", POST="investigator")),
    "api-media-upload": row(resource(POST="investigator")),
    "api-media-item": row(resource(reads="viewer"), **MEDIA),
    "api-reading-ask": row(resource(POST="investigator"), **MEDIA, sha256="sha256", reader="reader"),
    "api-copies": row(resource(reads="viewer", POST="investigator"), **MEDIA, appearance_id="appearance"),
    "api-copy-file": row(resource(reads="viewer"), **MEDIA, appearance_id="appearance", copy_id="copy"),
    "api-likeness": row(resource(reads="viewer")),
    "api-likeness-decision": row(resource(POST="investigator"), **MEDIA, other="alike"),
    "api-points": row(PUBLIC_RESOURCE),
    "api-points-geojson": row(PUBLIC_RESOURCE),
    "api-points-csv": row(PUBLIC_RESOURCE),
    "api-points-kml": row(PUBLIC_RESOURCE),
    "api-points-geojsonseq": row(PUBLIC_RESOURCE),
    "api-points-xlsx": row(PUBLIC_RESOURCE),
    "api-points-kmz": row(PUBLIC_RESOURCE),
    "api-points-gpkg": row(PUBLIC_RESOURCE),
    "api-points-fgb": row(PUBLIC_RESOURCE),
    "api-points-geoparquet": row(PUBLIC_RESOURCE),
    "api-points-timemap": row(PUBLIC_RESOURCE),
    "api-points-csv-metadata": row(PUBLIC_RESOURCE),
    "api-exports": row(PEOPLES_RESOURCE),
    "api-export": row(
        Access(
            {
                **safe(OWN_EXPORT_RESOURCE),
                "DELETE": {**OWN_EXPORT_RESOURCE, "investigator": "through", "token": "through"},
                "OPTIONS": signed_in("200", nobody="401", tokens="200"),
            },
            signed_in("405", nobody="401", tokens="405"),
        ),
        uid="export",
    ),
    **dict.fromkeys(
        ("api-export-file", "api-export-metadata"),
        row(
            Access(
                {**safe(OWN_EXPORT_RESOURCE), "OPTIONS": signed_in("200", nobody="401", tokens="200")},
                signed_in("405", nobody="401", tokens="405"),
            ),
            uid="export",
        ),
    ),
    "api-points-removed": row(PUBLIC_RESOURCE),
    "api-point": row(Access({**safe(READS_POINTS), "OPTIONS": everybody("200")}, NOT_ALLOWED), uid="point"),
    "api-point-changes": row(PUBLIC_RESOURCE),
    "api-investigation-feed": row(resource(reads="viewer")),
    "api-investigation-point-changes": row(resource(reads="viewer")),
    "api-snapshots": row(PUBLIC_RESOURCE),
    **dict.fromkeys(
        ("api-snapshot", "api-snapshot-points", "api-snapshot-manifest", "api-snapshot-checksums"),
        row(Access({**safe(READS_POINTS), "OPTIONS": everybody("200")}, NOT_ALLOWED), name="snapshot"),
    ),
    "api-geolocations": row(resource(reads="viewer", POST="investigator")),
    "api-geolocation": row(resource(reads="viewer"), **GEOLOCATION),
    "api-revisions": row(resource(POST="investigator"), **GEOLOCATION),
    "api-geolocation-submit": row(resource(POST="investigator"), reference="draft"),
    "api-geolocation-withdraw": row(AUTHORS_ACT, **GEOLOCATION),
    "api-geolocation-disclose": row(resource(POST="editor"), **GEOLOCATION),
    "api-geolocation-retract": row(resource(POST="editor"), reference="verified"),
    "api-reviews": row(resource(reads="viewer", POST="reviewer"), **GEOLOCATION),
    "api-second-looks": row(resource(reads="viewer")),
    "api-blind-round": row(resource(reads="viewer"), reference="round"),
    "api-blind-round-resolution": row(resource(POST="editor"), reference="round"),
    "api-custody": row(resource(reads="viewer")),
    "api-custody-verification": row(resource(reads="viewer")),
}
