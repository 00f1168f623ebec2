"""The table of festivals."""

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Festival(models.Model):
    """A festival; `announced` once the job has told the village."""

    name = models.TextField(unique=True)
    announced = models.BooleanField(default=False)

    privileges = Privileges(select=ALL, insert=ALL, update=("announced",))

    def __str__(self) -> str:
        return self.name
