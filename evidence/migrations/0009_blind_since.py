"""Since when an investigation asks for a blind second geolocation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0008_investigation_area"),
    ]

    operations = [
        migrations.AddField(
            model_name="investigation",
            name="blind_since",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Revisions written from then on need a second person who placed the item unseen.",
                null=True,
                verbose_name="blind second geolocation since",
            ),
        ),
    ]
