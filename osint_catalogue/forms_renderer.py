"""Every form is drawn by the same templates: label above, hint below, the error in its place."""

from django.forms.renderers import TemplatesSetting


class CatalogueRenderer(TemplatesSetting):
    """Fields through templates/django/forms/field.html."""

    field_template_name = "django/forms/field.html"
