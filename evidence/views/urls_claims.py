"""Addresses of the claims: list, dossier, and what is done to one."""

from django.urls import URLPattern, path

from evidence.views import claim_list, claim_write, claims

urlpatterns: list[URLPattern] = [
    path("<code:code>/claims/", claim_list.index, name="claim-list"),
    # Before the dossier: no reference is called "add".
    path("<code:code>/claims/add/", claim_write.add, name="claim-add"),
    path("<code:code>/claims/<reference>/", claims.dossier, name="claim-detail"),
    path("<code:code>/claims/<reference>/edit/", claim_write.edit, name="claim-edit"),
    path("<code:code>/claims/<reference>/evidence/", claims.link, name="claim-link"),
    path("<code:code>/claims/<reference>/evidence/remove/", claims.unlink, name="claim-unlink"),
    path("<code:code>/claims/<reference>/assessment/", claims.assess, name="claim-assess"),
]
