from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "apps.gate"
    label = "gate"

    def ready(self) -> None:
        from apps.gate import watch

        watch.connect()
