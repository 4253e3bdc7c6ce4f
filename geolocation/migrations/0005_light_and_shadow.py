"""What the person sees in the media: the light, and a shadow with its errors."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("geolocation", "0004_landmarks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="geolocationrevision",
            name="light_seen",
            field=models.CharField(
                blank=True,
                choices=[("day", "Day"), ("twilight", "Twilight"), ("night", "Night")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="geolocationrevision",
            name="shadow_azimuth_deg",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="geolocationrevision",
            name="shadow_azimuth_error_deg",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="geolocationrevision",
            name="shadow_length_ratio",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="geolocationrevision",
            name="shadow_length_ratio_error",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="geolocationrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("light_seen__in", ["", "day", "twilight", "night"])),
                name="revision_light_seen_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="geolocationrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shadow_azimuth_deg", None), ("shadow_azimuth_error_deg", None)),
                    models.Q(
                        ("shadow_azimuth_deg__gte", 0),
                        ("shadow_azimuth_deg__isnull", False),
                        ("shadow_azimuth_deg__lt", 360),
                        ("shadow_azimuth_error_deg__gt", 0),
                        ("shadow_azimuth_error_deg__isnull", False),
                        ("shadow_azimuth_error_deg__lte", 180),
                    ),
                    _connector="OR",
                ),
                name="revision_shadow_azimuth_with_its_error",
            ),
        ),
        migrations.AddConstraint(
            model_name="geolocationrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shadow_length_ratio", None), ("shadow_length_ratio_error", None)),
                    models.Q(
                        ("shadow_length_ratio__gte", 0),
                        ("shadow_length_ratio__isnull", False),
                        ("shadow_length_ratio__lt", 1000),
                        ("shadow_length_ratio_error__gt", 0),
                        ("shadow_length_ratio_error__isnull", False),
                        ("shadow_length_ratio_error__lt", 1000),
                    ),
                    _connector="OR",
                ),
                name="revision_shadow_length_with_its_error",
            ),
        ),
    ]
