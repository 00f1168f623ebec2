from django.db import migrations

from xiangyun.domain.cases import store


class Migration(migrations.Migration):
    """What a step does not change is not named in its statements either."""

    dependencies = [("cases", "0010_fewer_statements")]
    operations = [store.installed()]
