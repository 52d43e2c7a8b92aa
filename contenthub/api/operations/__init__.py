"""Persisted operations: queries kept under a name, with a plain address for tools that speak no GraphQL."""
