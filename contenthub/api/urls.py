"""The addresses of the API, without a trailing slash: a redirect would lose what was posted."""

from django.urls import path

from .operations.view import operation
from .view import graphql

urlpatterns = [
    path("graphql", graphql, name="graphql"),
    path("o/<str:name>", operation, name="operation"),
]
