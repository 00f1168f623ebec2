from pathlib import Path

from django.db import migrations, models

PUT_BACK = Path(__file__).with_name("sql") / "put_back_1.sql"


class Migration(migrations.Migration):
    """An archived case comes back, until a day."""

    dependencies = [("archive", "0001_initial"), ("journal", "0009_put_back")]

    operations = [
        migrations.AlterField(
            model_name='volume',
            name='state',
            field=models.TextField(choices=[('written', '已写成文件'), ('moved', '已归档'), ('back', '已调回'), ('destroyed', '已销毁')]),
        ),
        migrations.AddField(
            model_name='volume',
            name='back_until',
            field=models.DateField(help_text='A case that was brought back stays so long', null=True),
        ),
        migrations.RunSQL(PUT_BACK.read_text("utf-8"), migrations.RunSQL.noop),
    ]
