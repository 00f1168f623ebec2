"""The Django app of the page of contact data inside a case."""

from django.apps import AppConfig


class ContactPagesConfig(AppConfig):
    """The page where an applicant says where to be reached; it has no tables."""

    name = "xiangyun.faces.contact"
    label = "contact_pages"
    verbose_name = "Pages of contact data inside a case"
