from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "apps.public.website"
    label = "website"
