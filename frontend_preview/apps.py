from django.apps import AppConfig


class FrontendPreviewConfig(AppConfig):
    name = "frontend_preview"
    label = "frontend_preview"
    verbose_name = "Preview"
    default_auto_field = "django.db.models.BigAutoField"
