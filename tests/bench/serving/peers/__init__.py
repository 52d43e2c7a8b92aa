"""Who answers the same questions beside the hub: a statement by hand, plain graphene-django, and nothing but bytes."""
