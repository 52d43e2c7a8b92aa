from django.db import migrations

from taxonomy.builtin import ensure_builtin_facets


def add_facets(apps, schema_editor):
    ensure_builtin_facets(apps.get_model("taxonomy", "Facet"))


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0001_initial")]

    operations = [migrations.RunPython(add_facets, migrations.RunPython.noop)]
