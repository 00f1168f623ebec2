"""Every address of the fair."""

from django.urls import path

from . import views

app_name = "fair"
urlpatterns = [path("", views.festivals, name="festivals")]
