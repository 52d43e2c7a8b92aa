from django.db import migrations

from taxonomy.markets import FIRST_LANGUAGES, fill_markets


def add_markets(apps, schema_editor):
    fill_markets(FIRST_LANGUAGES, get_model=apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0002_builtin_facets")]

    operations = [migrations.RunPython(add_markets, migrations.RunPython.noop)]
