"""The peers' tables as Django models."""

from django.db import models


class Term(models.Model):
    code = models.CharField(max_length=255)
    labels = models.JSONField()

    class Meta:
        app_label, db_table, managed = "peers", "peer_term", False


class Item(models.Model):
    key = models.CharField(max_length=255)
    locale = models.CharField(max_length=35)
    headline = models.TextField()
    summary = models.TextField()
    body = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        app_label, db_table, managed = "peers", "peer_item", False


class Tag(models.Model):
    item = models.ForeignKey(Item, models.CASCADE, related_name="tags")
    term = models.ForeignKey(Term, models.CASCADE, related_name="+")
    place = models.IntegerField()

    class Meta:
        app_label, db_table, managed = "peers", "peer_tag", False


class Under(models.Model):
    item = models.ForeignKey(Item, models.CASCADE, related_name="under")
    term = models.ForeignKey(Term, models.CASCADE, related_name="+")

    class Meta:
        app_label, db_table, managed = "peers", "peer_under", False
