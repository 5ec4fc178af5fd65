from django.apps import AppConfig, apps


class WorkbenchConfig(AppConfig):
    name = "apps.workbench"
    label = "workbench"

    def ready(self) -> None:
        # The admin makes its site when it first needs one, which is after this.
        apps.get_app_config("admin").default_site = "apps.workbench.site.WorkbenchSite"  # type: ignore[attr-defined]
