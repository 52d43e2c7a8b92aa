from django.db import migrations

from contenthub.content.starter import load_starter_types


def forwards(apps, schema_editor):
    load_starter_types(
        apps.get_model("content", "ItemType").objects, apps.get_model("content", "FieldDefinition").objects
    )


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
