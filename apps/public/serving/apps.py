from django.apps import AppConfig


class ServingConfig(AppConfig):
    name = "apps.public.serving"
    label = "serving"
    verbose_name = "Serving"
