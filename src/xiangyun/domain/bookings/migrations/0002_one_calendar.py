"""Bookings stand in the one calendar of an account: no secret address of their own is left."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("bookings", "0001_initial")]

    operations: ClassVar = [migrations.DeleteModel("Address")]
