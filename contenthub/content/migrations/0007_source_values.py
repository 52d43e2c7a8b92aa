from django.db import migrations, models


def forget_old_digests(apps, schema_editor):
    """Digests were of documents and are of parts now; of what a translation was made from nothing is known."""
    apps.get_model("content", "ContentItem").objects.update(source_digest="")
    apps.get_model("delivery", "PublishedItem").objects.update(source_digest="")


class Migration(migrations.Migration):
    dependencies = [("content", "0006_variants"), ("delivery", "0008_ranked_indexes")]

    operations = [
        migrations.AddField(
            "contentitem",
            "source_values",
            models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="What the original said in each part when that was translated.",
            ),
        ),
        migrations.AlterField(
            "contentitem",
            "source_digest",
            models.CharField(blank=True, editable=False, help_text="A digest of the same.", max_length=64),
        ),
        migrations.RunPython(forget_old_digests, migrations.RunPython.noop),
    ]
