from django.apps import AppConfig


class LocalesConfig(AppConfig):
    name = "locales"
    label = "locales"
    verbose_name = "Locales"
    default_auto_field = "django.db.models.BigAutoField"
