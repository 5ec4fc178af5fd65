import django.db.models.deletion
from django.db import migrations, models


def note_names_of_nobody_known(apps, schema_editor):
    """Names that stand in records and that nobody we know goes by any longer."""
    Entry, Record = apps.get_model("curation", "Entry"), apps.get_model("catalogue", "Record")
    RecordVersion, PublishedName = apps.get_model("catalogue", "RecordVersion"), apps.get_model("gate", "PublishedName")
    entries = dict(Entry.objects.values_list("identifier", "pk"))
    for record in Record.objects.filter(withdrawn_at=None, synthetic=False).iterator():
        if record.identifier not in entries:
            continue
        entry = entries[record.identifier]
        named = set()
        for content in [record.content, *RecordVersion.objects.filter(record=record).values_list("content", flat=True)]:
            named |= {author["name"] for author in content.get("authors", ())}
            named |= set(content.get("holder", {}).get("names", ()))
            named |= {one.partition(",")[0] for one in content.get("participants", ())}
        if named:
            named -= set(PublishedName.objects.filter(entry_id=entry).values_list("name", flat=True))
            PublishedName.objects.bulk_create(PublishedName(entry_id=entry, name=name) for name in sorted(named))


class Migration(migrations.Migration):
    dependencies = [("curation", "0002_said_in_words"), ("gate", "0004_published_name")]

    operations = [
        migrations.AlterField(
            model_name="publishedname",
            name="name",
            field=models.CharField(db_index=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="publishedname",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="published_names",
                to="curation.person",
            ),
        ),
        migrations.RunPython(note_names_of_nobody_known, migrations.RunPython.noop),
    ]
