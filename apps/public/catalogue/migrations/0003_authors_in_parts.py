from django.db import migrations


def in_parts(apps, schema_editor):
    """Authors were names alone; what their parts are is known again once the article is published again."""
    for model in ("Record", "RecordVersion"):
        for row in apps.get_model("catalogue", model).objects.filter(content__authors__isnull=False):
            row.content["authors"] = [
                {"name": one, "family": "", "given": "", "affiliation": ""} if isinstance(one, str) else one
                for one in row.content["authors"]
            ]
            row.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_synthetic_records_are_known")]

    operations = [migrations.RunPython(in_parts, migrations.RunPython.noop)]
