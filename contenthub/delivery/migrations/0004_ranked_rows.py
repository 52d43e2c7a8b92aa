"""What decisions are ranked by, on the rows that they walk; rows stored before need `manage.py rebuild_published`."""

from django.db import migrations, models

INDEXES = {
    "index_row_ranked": "delivery_indexrow (locale_id, priority DESC, published_at DESC, key{c})",
    "term_row_ranked": "delivery_termrow (term_id, locale_id, steps, priority DESC, published_at DESC, key{c})",
}


def forwards(apps, schema_editor):
    # Keys compare by code points, as SQLite does of itself. Django's indexes cannot say so for one database alone.
    collation = ' COLLATE "C"' if schema_editor.connection.vendor == "postgresql" else ""
    for name, columns in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {columns.format(c=collation)}")


def backwards(apps, schema_editor):
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ('delivery', '0003_published_experiments'),
    ]

    operations = [
        migrations.AddField(
            model_name='indexrow',
            name='priority',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='termrow',
            name='key',
            field=models.CharField(db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='termrow',
            name='priority',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='termrow',
            name='published_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='termrow',
            name='steps',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(forwards, backwards),
    ]
