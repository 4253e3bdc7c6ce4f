from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "osint_catalogue.accounts"
    label = "accounts"

    def ready(self) -> None:
        # Checks register when they are imported; they look at settings and storages, which are ready now.
        from osint_catalogue import system_checks  # noqa: F401
