"""A training exercise cannot be published: what is in it is made up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_invariants")]

    operations = [
        migrations.AddConstraint(
            model_name="investigation",
            constraint=models.CheckConstraint(
                condition=models.Q(is_training=False) | models.Q(visibility="private"),
                name="investigation_training_is_never_public",
            ),
        ),
    ]
