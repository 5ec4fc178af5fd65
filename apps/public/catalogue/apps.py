from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "apps.public.catalogue"
    label = "catalogue"
