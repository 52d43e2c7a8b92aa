"""Tests: planned, started, stopped, and their winners."""
