from datetime import date

import yaml
from django.db import migrations, models

FILED_AT = {"online": ["online"], "window": ["window", "post"], "village_desk": ["village_desk"]}


def taken(text):
    """What service.yaml says of whom, when and where; None for what says nothing of it."""
    item = yaml.load(text, Loader=yaml.BaseLoader) or {}
    desks = item.get("filing_desks")
    if not item.get("state") or not item.get("applicants") or not desks:
        return None
    return {
        "state": item["state"],
        "applicants": item["applicants"],
        "desks": [desk for desk, ways in FILED_AT.items() if set(ways) & set(desks)],
        "from": day(item.get("planned_from")),
        "until": day(item.get("planned_until")),
    }


def day(text):
    try:
        return date.fromisoformat(text or "").isoformat()
    except ValueError:
        return None


def say_whom(apps, schema_editor):
    using = schema_editor.connection.alias
    versions = apps.get_model("catalogue", "ServiceVersion").objects.using(using)
    for version in versions.all().iterator(20):
        try:
            said = taken(version.files.get("service.yaml", ""))
        except yaml.YAMLError:
            said = None
        versions.filter(pk=version.pk).update(taken=said)


class Migration(migrations.Migration):
    """Whom a service takes, when and where, stands beside its files: the database obeys it too."""

    dependencies = [("catalogue", "0003_declarations")]
    operations = [
        migrations.AddField(
            "serviceversion",
            "taken",
            models.JSONField(
                help_text='{"state", "applicants", "desks", "from", "until"}, as it says', null=True
            ),
        ),
        migrations.RunPython(say_whom, migrations.RunPython.noop),
    ]
