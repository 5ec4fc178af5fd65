from django.apps import AppConfig, apps


class WorkbenchConfig(AppConfig):
    name = "apps.workbench"
    label = "workbench"

    @property
    def roles(self) -> list[str]:
        """What the groups are called that an installation has; the doctor asks."""
        from apps.workbench.roles import ROLES

        return [role.name for role in ROLES]

    def ready(self) -> None:
        # The admin makes its site when it first needs one, which is after this.
        apps.get_app_config("admin").default_site = "apps.workbench.site.WorkbenchSite"  # type: ignore[attr-defined]
