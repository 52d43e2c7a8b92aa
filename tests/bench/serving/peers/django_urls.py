"""Plain graphene-django, as its documentation has it: types from models, resolvers that prefetch."""

import graphene
import orjson
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from graphene_django import DjangoObjectType

from . import models

BODY = b"x" * 10_240
QUERIES = {
    "Q1": """query ($key: String!, $locale: String!) { item(key: $key, locale: $locale) {
        key headline summary body terms { code label } } }""",
    "Q2": """query ($journey: [String!], $locale: String!) { items(first: 20, locale: $locale, journey: $journey) {
        nodes { key headline summary terms { code label } } } }""",
    "Q3": """query ($journey: [String!], $segment: [String!], $locale: String!) {
        items(first: 20, locale: $locale, journey: $journey, segment: $segment) {
        nodes { key headline summary terms { code label } } } }""",
    "Q4": """query ($published_at: DateTime, $key: String, $locale: String!) {
        items(first: 100, locale: $locale, published: $published_at, after: $key) {
        nodes { key headline summary } } }""",
}


class TermType(DjangoObjectType):
    label = graphene.String()

    class Meta:
        model, fields = models.Term, ["code"]

    @staticmethod
    def resolve_label(root, info):
        labels = root.labels
        return labels.get(info.variable_values["locale"]) or labels.get("en")


class ItemType(DjangoObjectType):
    terms = graphene.List(TermType)

    class Meta:
        model, fields = models.Item, ["key", "headline", "summary", "body"]

    @staticmethod
    def resolve_terms(root, info):
        return [tag.term for tag in root.tags.all()]


class ItemList(graphene.ObjectType):
    nodes = graphene.List(ItemType)


class Query(graphene.ObjectType):
    item = graphene.Field(ItemType, key=graphene.String(), locale=graphene.String())
    items = graphene.Field(
        ItemList,
        first=graphene.Int(),
        locale=graphene.String(),
        journey=graphene.List(graphene.NonNull(graphene.String)),
        segment=graphene.List(graphene.NonNull(graphene.String)),
        published=graphene.DateTime(),
        after=graphene.String(),
    )

    @staticmethod
    def resolve_item(root, info, key, locale):
        return with_tags(models.Item.objects.filter(key=key, locale=locale)).first()

    @staticmethod
    def resolve_items(root, info, first, locale, journey=(), segment=(), published=None, after=None):
        found = models.Item.objects.filter(locale=locale).order_by("-published_at", "key")
        for codes in filter(None, (journey, segment)):
            found = found.filter(under__term__code__in=codes)
        if published:
            later = Q(published_at=published, key__gt=after)
            return ItemList(nodes=found.filter(later | Q(published_at__lt=published))[:first])
        return ItemList(nodes=with_tags(found)[:first])


def with_tags(items: QuerySet) -> QuerySet:
    tags = models.Tag.objects.select_related("term").order_by("place")
    return items.prefetch_related(Prefetch("tags", queryset=tags))


schema = graphene.Schema(query=Query)


def graphql(request: HttpRequest, name: str) -> JsonResponse:
    result = schema.execute(QUERIES[name], variables=orjson.loads(request.body)["variables"])
    assert not result.errors, result.errors
    return JsonResponse({"data": result.data})


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY, content_type="application/json")


urlpatterns = [path("bare", bare), path("<str:name>", graphql)]
