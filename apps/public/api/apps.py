from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "apps.public.api"
    label = "public_api"
