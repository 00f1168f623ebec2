from django.db import migrations

from xiangyun.domain.cases import store


class Migration(migrations.Migration):
    """A step in which only the tokens move writes no more than they are."""

    dependencies = [("cases", "0005_time")]
    operations = [store.installed()]
