"""A number is freed by the word of an interface only where the application asked for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recycling", "0001_initial")]

    operations = [migrations.AddField("recyclingcheck", "mac", models.BinaryField(editable=False, null=True))]
