"""Content in and out of files: one language version a line."""
