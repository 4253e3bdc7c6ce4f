"""How people and programs come in: invitations, tokens, demo sign-ins, and what keeps others out."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from evidence.errors import Conflict, NotFound
from evidence.models import Membership
from osint_catalogue.accounts.demo import DEMO_PEOPLE, demo_people_make
from osint_catalogue.accounts.models import ApiToken, Invitation, User, token_digest
from osint_catalogue.accounts.services import invitation_accept, invitation_find, invitation_send

pytestmark = pytest.mark.django_db
PASSWORD = "a long password of a test"


def sign_in(client, email, password):
    return client.post(reverse("account_login"), {"login": email, "password": password})


@pytest.fixture
def invited(investigation, editor):
    return invitation_send(
        actor=editor, investigation=investigation, email="New@Example.org", role="investigator"
    )


def secret_of(link):
    return link.rstrip("/").rsplit("/", 1)[1]


def test_a_person_signs_in_by_mail_address_and_password(client, investigator):
    answer = sign_in(client, investigator.email, PASSWORD)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(investigator.pk)


def test_a_wrong_password_is_refused_in_the_form_and_the_address_is_kept(client, investigator):
    answer = sign_in(client, investigator.email, "wrong")
    assert answer.status_code == 200
    assert investigator.email in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_without_an_invitation(client):
    answer = client.post(
        reverse("account_signup"), {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.filter(email="x@example.org").exists()
    assert "closed" in answer.content.decode().lower()


def test_an_invitation_is_mailed_and_its_secret_is_kept_hashed(run_on_commit, investigation, editor):
    with run_on_commit():
        invitation, link = invitation_send(
            actor=editor, investigation=investigation, email="new@example.org", role="viewer"
        )
    assert link in mail.outbox[0].body
    assert secret_of(link) not in str(Invitation.objects.values().get(pk=invitation.pk))
    assert invitation.digest == token_digest(secret_of(link))


def test_a_stranger_with_an_invitation_makes_an_account_and_belongs(client, invited, investigation):
    _invitation, link = invited
    path = reverse("accounts:invitation", args=[secret_of(link)])
    answer = client.post(path, {"name": "Nia New", "password": PASSWORD})
    assert answer.status_code == 302
    membership = Membership.objects.get(investigation=investigation, user__email="new@example.org")
    assert (membership.role, membership.user.name) == ("investigator", "Nia New")
    assert client.get(path).status_code == 404


def test_a_weak_password_is_refused_at_its_field_and_the_name_is_kept(client, invited):
    path = reverse("accounts:invitation", args=[secret_of(invited[1])])
    answer = client.post(path, {"name": "Nia New", "password": "short"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]
    assert "Nia New" in answer.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_invitation_works_for_the_invited_address_alone(invited, stranger):
    with pytest.raises(Conflict, match=r"new@example\.org"):
        invitation_accept(invitation=invited[0], user=stranger)


def test_an_invitation_works_once(invited, investigation):
    user = User.objects.create_user("new@example.org", PASSWORD, name="Nia")
    invitation_accept(invitation=invited[0], user=user)
    with pytest.raises(Conflict, match="used"):
        invitation_accept(invitation=invited[0], user=user)


def test_an_invitation_ends_after_its_days(invited, settings):
    late = timezone.now() + timedelta(days=settings.INVITATION_DAYS, seconds=1)
    with pytest.raises(NotFound, match="too old"):
        invitation_find(secret=secret_of(invited[1]), now=late)


def test_a_second_invitation_replaces_the_first(invited, investigation, editor):
    invitation_send(actor=editor, investigation=investigation, email="new@example.org", role="viewer")
    with pytest.raises(NotFound):
        invitation_find(secret=secret_of(invited[1]), now=timezone.now())


def test_only_an_editor_invites(client, investigation, reviewer):
    client.force_login(reviewer)
    answer = client.post(
        reverse("accounts:invite", args=[investigation.code]), {"email": "x@example.org", "role": "viewer"}
    )
    assert answer.status_code == 403
    assert not Invitation.objects.exists()


def test_an_editor_invites_changes_a_role_and_removes_on_the_members_page(
    client, investigation, editor, viewer
):
    client.force_login(editor)
    answer = client.post(
        reverse("accounts:invite", args=[investigation.code]), {"email": "new@example.org", "role": "viewer"}
    )
    assert "/account/invitations/" in answer.content.decode()
    membership = Membership.objects.get(investigation=investigation, user=viewer)
    client.post(
        reverse("accounts:member-role", args=[investigation.code, membership.pk]), {"role": "reviewer"}
    )
    membership.refresh_from_db()
    assert membership.role == "reviewer"
    client.post(reverse("accounts:member-end", args=[investigation.code, membership.pk]))
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_a_bad_address_is_refused_at_its_field_and_kept(client, investigation, editor):
    client.force_login(editor)
    answer = client.post(
        reverse("accounts:invite", args=[investigation.code]), {"email": "not an address", "role": "viewer"}
    )
    assert answer.status_code == 400
    assert answer.context["form"].errors["email"]
    assert "not an address" in answer.content.decode()


def test_the_last_editor_cannot_step_down(client, investigation, editor):
    client.force_login(editor)
    membership = Membership.objects.get(investigation=investigation, user=editor)
    answer = client.post(
        reverse("accounts:member-role", args=[investigation.code, membership.pk]), {"role": "viewer"}
    )
    assert answer.status_code == 409
    membership.refresh_from_db()
    assert membership.role == "editor"


def test_a_viewer_sees_members_without_their_addresses(client, investigation, viewer, editor):
    client.force_login(viewer)
    page = client.get(reverse("accounts:member-list", args=[investigation.code])).content.decode()
    assert editor.name in page
    assert editor.email not in page


def test_a_stranger_gets_404_for_members_and_anonymous_goes_to_sign_in(client, investigation, stranger):
    path = reverse("accounts:member-list", args=[investigation.code])
    assert client.get(path).status_code == 302
    client.force_login(stranger)
    assert client.get(path).status_code == 404


def test_a_token_is_shown_once_and_kept_hashed(client, investigator):
    client.force_login(investigator)
    answer = client.post(reverse("accounts:token-list"), {"name": "QGIS"})
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in client.get(reverse("accounts:token-list")).content.decode()
    assert secret not in str(ApiToken.objects.values().get())


def bearer(client, secret):
    return client.get("/api/v1/investigations", headers={"authorization": f"Bearer {secret}"})


def test_a_token_signs_a_program_in_until_it_is_ended(client, investigator):
    token, secret = ApiToken.issue(user=investigator, name="QGIS")
    assert bearer(client, secret).status_code == 200
    token.refresh_from_db()
    assert token.last_used_at is not None
    client.force_login(investigator)
    client.post(reverse("accounts:token-end", args=[token.pk]))
    client.logout()
    assert bearer(client, secret).status_code == 401


def test_nobody_ends_somebody_elses_token(client, investigator, stranger):
    token, _secret = ApiToken.issue(user=investigator, name="QGIS")
    client.force_login(stranger)
    assert client.post(reverse("accounts:token-end", args=[token.pk])).status_code == 404


def test_an_unknown_token_is_401_with_the_one_error_shape(client):
    answer = bearer(client, "gec_nothing")
    assert answer.status_code == 401
    assert answer.json()["error"]["sentence"]
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_demo_people_sign_in_where_demo_sign_ins_are_on(client, settings):
    settings.DEMO_SIGN_INS = True
    demo_people_make()
    person = DEMO_PEOPLE[0]
    assert sign_in(client, person.email, person.password).status_code == 302
    assert client.get(reverse("accounts:token-list")).status_code == 200


def test_demo_people_are_locked_out_by_password_session_and_token_where_they_are_off(client, settings):
    settings.DEMO_SIGN_INS = True
    people = demo_people_make()
    person, user = DEMO_PEOPLE[0], next(iter(people.values()))
    _token, secret = ApiToken.issue(user=user, name="x")
    sign_in(client, person.email, person.password)
    settings.DEMO_SIGN_INS = False
    assert client.get(reverse("accounts:token-list")).status_code == 302
    client.logout()
    assert sign_in(client, person.email, person.password).status_code == 200
    assert "_auth_user_id" not in client.session
    assert bearer(client, secret).status_code == 401


def test_setup_local_refuses_outside_the_local_mode(settings):
    settings.DEMO_SIGN_INS = False
    with pytest.raises(CommandError, match="only in the local mode"):
        call_command("setup_local")
    assert not User.objects.filter(is_demo=True).exists()


def test_an_import_account_never_signs_in(client):
    User.objects.create_user("import@example.org", PASSWORD, name="Import", is_import=True)
    sign_in(client, "import@example.org", PASSWORD)
    assert "_auth_user_id" not in client.session


def test_a_second_factor_is_asked_for_once_it_is_set_up(client, investigator):
    Authenticator.objects.create(
        user=investigator, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    answer = sign_in(client, investigator.email, PASSWORD)
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_pages_for_a_second_factor_are_there(client, investigator):
    client.force_login(investigator)
    assert client.get(reverse("mfa_index")).status_code == 200
