from importlib import import_module

import django.db.models.deletion

from django.db import migrations, models

from apps.gate.names.keys import keys_of


def note_names(apps, schema_editor):
    """What everybody is called, by the keys that all ways to write it have in common; also where records name them."""
    Person, Organisation = apps.get_model("curation", "Person"), apps.get_model("curation", "Organisation")
    KnownAs, PublishedName = apps.get_model("gate", "KnownAs"), apps.get_model("gate", "PublishedName")
    for one in Person.objects.iterator():
        names = (f"{one.given_names} {one.family_name}", *one.aliases, one.email)
        keys = {key for name in names for key in keys_of(name)}
        KnownAs.objects.bulk_create(KnownAs(person=one, key=key) for key in sorted(keys))
    for one in Organisation.objects.iterator():
        keys = {(key, False) for name in (one.name, *one.aliases) for key in keys_of(name)}
        keys |= {(key, True) for key in keys_of(one.acronym)}
        KnownAs.objects.bulk_create(
            KnownAs(organisation=one, key=key, is_acronym=is_acronym) for key, is_acronym in sorted(keys)
        )
    stand = {
        (entry, person, key)
        for entry, person, name in PublishedName.objects.values_list("entry", "person", "key")
        for key in keys_of(name)
    }
    PublishedName.objects.all().delete()
    PublishedName.objects.bulk_create(
        (PublishedName(entry_id=entry, person_id=person, key=key) for entry, person, key in sorted(stand, key=str)),
        batch_size=1000,
    )


def note_addresses_anew(apps, schema_editor):
    """Addresses are noted as they are read now: a DOI within a publisher's address is one of them."""
    import_module("apps.gate.migrations.0007_addresses_by_their_codes").note_anew(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("curation", "0008_candidates_on_a_proposition"), ("gate", "0007_addresses_by_their_codes")]

    operations = [
        migrations.CreateModel(
            name="KnownAs",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_index=True, max_length=300)),
                ("is_acronym", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_as",
                        to="curation.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_as",
                        to="curation.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("organisation__isnull", True), _connector="XOR"),
                        name="known_as_is_somebody_s",
                    )
                ],
            },
        ),
        migrations.RenameField("publishedname", "name", "key"),
        migrations.RunPython(note_names, migrations.RunPython.noop),
        migrations.RunPython(note_addresses_anew, migrations.RunPython.noop),
    ]
