"""The indexes by rank again, known to Django: SQLite makes a table anew when it changes, and drops what it does not know."""

from django.db import migrations, models


def forget(apps, schema_editor):
    for name in ("index_row_ranked", "term_row_ranked"):
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0007_variants")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="indexrow",
            index=models.Index(
                fields=["locale", "-priority", "-published_at", "key"],
                name="index_row_ranked",
                opclasses=["", "", "", 'COLLATE "C"'],
            ),
        ),
        migrations.AddIndex(
            model_name="termrow",
            index=models.Index(
                fields=["term", "locale_id", "steps", "-priority", "-published_at", "key"],
                name="term_row_ranked",
                opclasses=["", "", "", "", "", 'COLLATE "C"'],
            ),
        ),
    ]
