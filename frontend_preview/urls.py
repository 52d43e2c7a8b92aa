"""The addresses of the preview front end."""

from django.urls import path

from .views import preview

urlpatterns = [path("preview/", preview, name="preview")]
