"""The Django app of the pages of questions inside a case."""

from django.apps import AppConfig


class EnquiryPagesConfig(AppConfig):
    """Pages of questions to the office; it has no tables."""

    name = "xiangyun.faces.enquiries"
    label = "enquiry_pages"
    verbose_name = "Pages of questions inside a case"
