"""Variants of items: deltas for an audience, market, channel or test arm."""
