from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "apps.curation"
    label = "curation"

    def ready(self) -> None:
        from apps.curation import history, lookups

        lookups.register()
        history.register()
        history.connect()
