from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "apps.public.search"
    label = "search"
