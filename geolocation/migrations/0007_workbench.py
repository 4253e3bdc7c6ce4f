"""Where in the picture a shadow was measured, and what was assumed of the camera."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("geolocation", "0006_blind_rounds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="geolocationrevision",
            name="shadow_marks",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="geolocationrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shadow_marks", None),
                    models.Q(
                        ("shadow_marks__has_keys", ["version", "foot", "tip"]),
                        models.Q(
                            ("shadow_azimuth_deg__isnull", False),
                            ("shadow_length_ratio__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="revision_shadow_marks_with_a_measure",
            ),
        ),
    ]
