import yaml
from django.db import migrations, models


def found_by(text):
    """What people find a service by, from its service.yaml; None for what cannot be read."""
    item = yaml.load(text, Loader=yaml.BaseLoader)
    if not isinstance(item, dict):
        return None
    told = [item.get("summary"), (item.get("result") or {}).get("name")]
    told += [each.get("name") for each in item.get("materials") or [] if isinstance(each, dict)]
    names = [*both(item.get("everyday_name")), *both(item.get("name"))]
    if not names:
        return None
    body = "\n".join(word for each in told for word in both(each))
    return {"names": names, "also": list(item.get("also_called") or []), "body": body}


def both(text):
    if not isinstance(text, dict):
        return []
    return [text[key] for key in ("zh-Hans", "en") if isinstance(text.get(key), str)]


def say_by_what(apps, schema_editor):
    using = schema_editor.connection.alias
    versions = apps.get_model("catalogue", "ServiceVersion").objects.using(using)
    for version in versions.all().iterator(20):
        try:
            said = found_by(version.files.get("service.yaml", ""))
        except (yaml.YAMLError, AttributeError):
            said = None
        versions.filter(pk=version.pk).update(found_by=said)


class Migration(migrations.Migration):
    """What people find a service by stands beside its files, so that a search reads no pack."""

    dependencies = [("catalogue", "0007_rest_of_packs")]
    operations = [
        migrations.AddField(
            "serviceversion",
            "found_by",
            models.JSONField(
                help_text='{"names", "also", "body"}: what people find it by', null=True
            ),
        ),
        migrations.RunPython(say_by_what, migrations.RunPython.noop),
    ]
