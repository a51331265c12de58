"""What the application does on its own carries its code; a block is what was confirmed, once."""

from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_made_by_application"),
        ("cases", "0028_pace_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name="block",
            name="release_mac",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="hold",
            name="end_mac",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="temporarylift",
            name="lift_mac",
            field=models.BinaryField(null=True),
        ),
        InstallSql("cases", "block_release_grounds", version=3),
        InstallSql("cases", "block_two_people", version=2),
        InstallSql("cases", "lift_decided", version=2),
        InstallSql("cases", "hold_ended", version=1),
        InstallSql("cases", "case_of_its_number", version=1),
        InstallSql("cases", "register_two_people", version=3),
    ]
