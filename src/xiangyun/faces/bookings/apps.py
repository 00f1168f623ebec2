"""The Django app of the pages of bookings."""

from django.apps import AppConfig


class BookingPagesConfig(AppConfig):
    """Pages of bookings; the tables are those of the domain's app of the same name."""

    name = "xiangyun.faces.bookings"
    label = "booking_pages"
    verbose_name = "Booking pages"
