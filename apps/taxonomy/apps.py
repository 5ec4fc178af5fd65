from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save


class TaxonomyConfig(AppConfig):
    name = "apps.taxonomy"
    label = "taxonomy"
    verbose_name = "Vocabulary"

    def ready(self) -> None:
        # Signals, within this app alone: fixtures and the admin's many-to-many fields write past save().
        from apps.taxonomy.models import Broader, Region, Theme, VocabularyState

        def advance(**_: object) -> None:
            VocabularyState.advance()

        for model in (Region, Theme, Broader):
            for signal in (post_save, post_delete):
                signal.connect(advance, sender=model, weak=False, dispatch_uid=f"advance-{model.__name__}")
        m2m_changed.connect(advance, sender=Theme.related.through, weak=False, dispatch_uid="advance-related")
