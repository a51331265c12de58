"""A number is freed by the word of its operator only where the application took that word."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blocklists", "0018_request_by_application")]

    operations = [migrations.AddField("outcome", "mac", models.BinaryField(editable=False, null=True))]
