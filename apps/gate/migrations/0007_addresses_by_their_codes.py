from importlib import import_module

from django.db import migrations


def note_anew(apps, schema_editor):
    """Addresses are noted as they are read now: with their codes resolved."""
    apps.get_model("gate", "PublishedAddress").objects.all().delete()
    import_module("apps.gate.migrations.0006_published_address").note_addresses(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("gate", "0006_published_address")]

    operations = [migrations.RunPython(note_anew, migrations.RunPython.noop)]
