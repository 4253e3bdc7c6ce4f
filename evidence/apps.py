from django.apps import AppConfig
from django.urls import register_converter

from evidence.views.converters import CodeConverter


class EvidenceConfig(AppConfig):
    name = "evidence"

    def ready(self) -> None:
        # Here, before any list of addresses is read: the lists of every app use it.
        register_converter(CodeConverter, "code")
