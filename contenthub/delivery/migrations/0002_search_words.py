"""The words of published documents, in the full-text index that each database has."""

from django.db import migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE delivery_searchtext ADD COLUMN words tsvector")
        schema_editor.execute("CREATE INDEX delivery_searchtext_words ON delivery_searchtext USING gin (words)")
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE delivery_searchwords USING fts5(headline, summary, rest, tokenize='ascii')"
        )


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE delivery_searchtext DROP COLUMN words")
    else:
        schema_editor.execute("DROP TABLE delivery_searchwords")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
