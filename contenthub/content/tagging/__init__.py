"""Changing the tags of items: the panel of the editor, and many items at once."""
