from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_search_words")]

    operations = [
        migrations.AddField(
            model_name="publisheditem",
            name="source_digest",
            field=models.CharField(blank=True, help_text="The source's text as last published.", max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="pastslug", name="past_slug_once"),
        migrations.AddField(
            model_name="pastslug",
            name="since",
            field=models.DateTimeField(default=datetime(2000, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="pastslug",
            index=models.Index(fields=["locale", "slug", "-since"], name="past_slug_latest"),
        ),
        migrations.AddConstraint(
            model_name="pastslug",
            constraint=models.UniqueConstraint(fields=("item", "locale", "slug", "since"), name="past_slug_once"),
        ),
    ]
