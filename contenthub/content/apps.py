from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "contenthub.content"
    label = "content"
    verbose_name = "Content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contenthub.fieldnames import translate_names

        from . import signals  # noqa: F401 - connects them

        translate_names()
