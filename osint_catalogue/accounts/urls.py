"""Addresses of people: their tokens, invitations, and the members of an investigation."""

from django.urls import path

from osint_catalogue.accounts.views import invitations, members, tokens

app_name = "accounts"
urlpatterns = [
    path("account/tokens/", tokens.token_list, name="token-list"),
    path("account/tokens/<int:token_id>/end/", tokens.token_end, name="token-end"),
    path("account/invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("<code:code>/members/", members.member_list, name="member-list"),
    path("<code:code>/members/invite/", members.invite, name="invite"),
    path("<code:code>/members/<int:member_id>/role/", members.member_role, name="member-role"),
    path("<code:code>/members/<int:member_id>/remove/", members.member_end, name="member-end"),
    path(
        "<code:code>/members/invitations/<int:invitation_id>/end/",
        members.invitation_end,
        name="invitation-end",
    ),
]
