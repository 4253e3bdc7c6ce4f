"""`Authorization: Bearer gec_...` for REST clients."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from evidence.upload import without_body
from osint_catalogue.accounts.backends import may_sign_in
from osint_catalogue.accounts.models import ApiToken, User, token_digest

# Writing the time of use on each request would make every read a write.
_USE_IS_NOTED_EVERY = timedelta(minutes=5)


class BearerTokenAuthentication(BaseAuthentication):
    """Finds the token by its SHA-256; a revoked or unknown one is 401, never a silent stranger."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2:
            raise AuthenticationFailed(_("Write the header as: Authorization: Bearer TOKEN"))
        token = (
            ApiToken.objects.select_related("user")
            .filter(digest=token_digest(header[1].decode("latin-1")), revoked_at=None)
            .first()
        )
        if token is None or not may_sign_in(token.user):
            raise AuthenticationFailed(_("This token is not valid. Make a new one under API tokens."))
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > _USE_IS_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HeaderSessionAuthentication(SessionAuthentication):
    """A session, with the CSRF token in its header only: looked for in the body, it would have all of it read
    before anybody has asked who may send one.
    """

    def enforce_csrf(self, request: Request) -> None:
        super().enforce_csrf(without_body(request._request))  # type: ignore[arg-type]  # as CSRFCheck wants it


class HeaderSessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """The description of a session, for this class of it."""

    target_class = HeaderSessionAuthentication  # type: ignore[assignment]  # as the library's own schemes do


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the scheme in the OpenAPI description."""

    target_class = BearerTokenAuthentication
    name = "bearerToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
