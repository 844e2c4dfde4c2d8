"""Workflows: drafts, versions, the gallery, the node catalogue."""

from django.apps import AppConfig


class Builder(AppConfig):
    """`builder`."""

    name = "builder"
