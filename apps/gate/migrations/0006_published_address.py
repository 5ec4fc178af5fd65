import django.db.models.deletion
from django.db import migrations, models


def note_addresses(apps, schema_editor):
    """The addresses that stand in records and their former versions already."""
    from apps.gate.addresses import addresses_in
    from apps.gate.case import texts_of
    from apps.gate.readings import readings

    Entry, Record = apps.get_model("curation", "Entry"), apps.get_model("catalogue", "Record")
    Link, RecordVersion = apps.get_model("catalogue", "Link"), apps.get_model("catalogue", "RecordVersion")
    PublishedAddress, WaitingReference = apps.get_model("gate", "PublishedAddress"), apps.get_model("gate", "WaitingReference")
    entries = dict(Entry.objects.values_list("identifier", "pk"))
    for record in Record.objects.filter(withdrawn_at=None, synthetic=False).iterator():
        if record.identifier not in entries:
            continue
        texts = [
            *Link.objects.filter(source=record).exclude(note="").values_list("note", flat=True),
            *WaitingReference.objects.filter(source=record.identifier).values_list("note", flat=True),
        ]
        for content in [record.content, *RecordVersion.objects.filter(record=record).values_list("content", flat=True)]:
            texts += [text for _, text in texts_of(content)]
        identifiers, addresses = addresses_in(reading for text in texts for reading in readings(text))
        PublishedAddress.objects.bulk_create(
            PublishedAddress(entry_id=entries[record.identifier], address=address)
            for address in sorted({one[:500] for one in identifiers | addresses})
        )


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_lessons_are_found"),
        ("curation", "0005_source_texts_are_normalised"),
        ("gate", "0005_published_name_without_a_person"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(db_index=True, max_length=500)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="published_addresses",
                        to="curation.entry",
                    ),
                ),
            ],
        ),
        migrations.RunPython(note_addresses, migrations.RunPython.noop),
    ]
