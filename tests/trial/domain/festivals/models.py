"""The table of festivals."""

from django.db import models


class Festival(models.Model):
    """A festival; `announced` once the job has told the village."""

    name = models.TextField(unique=True)
    announced = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
