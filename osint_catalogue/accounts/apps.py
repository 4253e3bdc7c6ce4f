from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "osint_catalogue.accounts"
    label = "accounts"
