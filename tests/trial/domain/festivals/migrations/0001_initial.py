from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Festival",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.TextField(unique=True)),
                ("announced", models.BooleanField(default=False)),
            ],
        )
    ]
