"""What is wrong with a note is said, all of it, with the line and what to write instead."""

from __future__ import annotations

import pytest

from apps.curation.models import Entry, Person
from apps.curation.notes import files, front_matter

HEAD = "---\nkind: workshop\n"  # what follows begins in line 3


def test_every_problem_of_a_file_is_listed(problems):
    found = problems(
        """
        ---
        kind: workshop
        regoins: [europe]
        date: 2023-13
        rule: secret
        ---
        # A workshop

        ## Sumary

        ## Session 1: First

        - number: two

        ### Positions

        - A claim
          - stance: suports
          - themes: no-such-theme
          - passage: paragraph 1
            - strat: 5
        """
    )
    assert found == [
        "3: “regoins” is no field of a workshop. Did you mean “regions”?",
        "4: “2023-13” is not in the calendar.",
        "5: “secret” is none of: On the record, Not for attribution, Chatham House Rule or Off the record.",
        "9: “Sumary” is no field of a workshop. Did you mean “summary”?",
        "13: “number” is said twice; first in line 11. Keep one of them.",
        "18: “suports” is none of: Supports, Qualifies, Neutral or Opposes. Did you mean “Supports”?",
        "19: There is no theme “no-such-theme”.",
        "21: “strat” is no field of a passage. Did you mean “start”?",
    ]
    assert not Entry.objects.exists()


def test_the_models_own_rules_are_told_with_their_lines_too(problems):
    found = problems(
        f"""
        ---
        kind: article
        url: not an address
        doi: 10.1000/{"1" * 130}
        themes: [no-such-theme]
        unresolved: yes
        authors: [nobody]
        ---
        # {"Long " * 70}

        ## Positions

        - {"x" * 301}
          - passage: paragraph 1
            - start: 7
        - No stance
          - speakers: nobody-else
        """
    )
    assert [line.partition(":")[0] for line in found] == ["3", "4", "5", "7", "9", "9", "13", "14", "17"]
    assert "3: url: Enter a valid URL." in found
    assert "4: doi: Ensure this value has at most 120 characters (it has 138)." in found
    assert "7: There is no person “nobody”." in found
    assert "17: There is no person “nobody-else”." in found


def test_a_rule_about_one_row_is_told_in_words(problems):
    found = problems("---\nkind: article\nunresolved: yes\n---\n# Unresolved, but how is it cited?\n")
    assert found == ["5: cited as: Say how the citing text points to it, since the work itself isn't found yet."]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: A note begins with a line of three dashes, then “kind: workshop” or another kind."),
        ("# A heading\n", "1: A note begins with a line of three dashes, then “kind: workshop” or another kind."),
        (
            "---\nkind: workshop\n",
            "1: The front matter has no end: write a line of three dashes beneath its last line.",
        ),
        ("---\n---\n", "1: The front matter must say what the file holds: write “kind:” and one of"),
        ("---\nkind: article\ntags: {a: b}\n---\n# T\n", "3: “a: ...” stands where a list belongs."),
        ("---\nkind: article\ndoi: 12345\n---\n# T\n", "3: doi: A DOI looks like"),
        ("---\nkind: article\nlanguage: English\n---\n# T\n", "3: language: Write a code such as"),
        ("---\nkind: wrokshop\n---\n", "2: “wrokshop” is no kind of note"),
        (
            "---\nkind: position\n---\n",
            "2: A position has no note of its own: write it in that of its session or article.",
        ),
        ("---\n- a\n- b\n---\n", "2: Front matter is made of lines like “kind: workshop”."),
        ("---\njust text\n---\n", "2: Front matter is made of lines like “kind: workshop”."),
        ("---\nkind: people\nstatus: draft\n---\n## A, B\n", "3: “status” has no place here"),
        ("---\nkind: people\n---\n# People\n", "4: This file holds no person"),
        ("---\nkind: workshop\n---\nText\n# Title\n", "4: The title (“# ...”) stands first"),
        ("---\nkind: workshop\n---\n# Title\n# Title\n", "5: A file has one title."),
        ("---\nkind: workshop\n---\n# T\n## Session 4\n", "5: A session needs a title"),
        (
            "---\nkind: workshop\n---\n# T\n~~~~\n## Session 1: X\n",
            "5: The fence ~~~~ that opens here is never closed.",
        ),
        ("---\nkind: workshop\nstatus: published\n---\n# T\n", "3: “published” is no status to write"),
        ("---\nkind: people\n---\n## Alice Dell'Era\n", "4: Which is the family name?"),
        ("---\nkind: proposition\n---\n# 命題\n- slug: x\n", "5: “slug” may be a field or text."),
        ("---\nkind: propositions\n---\n## 命題\n", "4: This proposition needs a “slug”"),
        ("---\nkind: workshop\nslug: two words\n---\n# T\n", "3: slug: Enter a valid “slug”"),
        ("---\nkind: workshop\n---\n## Summary\nNo title.\n", "1: title: This field cannot be blank."),
    ],
)
def test_what_is_no_note(problems, text, problem):
    found = problems(text)
    assert len(found) == 1, found
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("title: A: B", "3: There is a second colon in this value, or a wrong indentation. Put the whole value in"),
        ("regions:\n\t- europe", "4: A tab stands where spaces belong."),
        ("date: 2023\ndate: 2024", "4: “date” is said twice; first in line 3."),
        ("place: x\nPlace: y", "4: “Place” is said twice; first in line 3."),
        ("tags: [fine, ..]", "3: “..” is no tag: it needs a letter or a digit."),
        ("title: &anchor x", "3: A value can't start with “*” or “&”."),
        ("title: *Emphasis* here", "3: A value can't start with “*” or “&”."),
        ("place: !!python/object:os.system x", "3: A value can't start with “!”."),
        ("place: @home", "3: A value can't start with this character."),
        ('place: "unclosed', "3: A quotation mark or a bracket that is opened here is never closed."),
        ("regions: [europe", "3: A bracket that is opened here is never closed."),
        ("place:nowhere", "3: This is no “key: value”."),
        ("place: Room #4", "3: What follows “#” would be lost as a comment."),
        ('place: "\\0"', "3: A backslash in this value makes a character that is none."),
        ('place: "\\ud800"', "3: A backslash in this value makes a character that is none."),
        ('place: "C:\\Windows"', "3: A backslash in double quotation marks means something else."),
        ("place: a\x07b", "3: There is an invisible character (U+0007) here."),
        ("x: " + "[" * 50 + "]" * 50, "3: This is nested too deeply."),
        ("? [a]\n: b", "3: A key is missing before the colon."),
        ("<<: {place: x}", "3: “<<” is no field of a workshop."),
    ],
)
def test_yaml_traps(problems, lines, problem):
    found = problems(f"{HEAD}{lines}\n---\n# T\n")
    assert found, "nothing was found"
    assert found[0].startswith(problem)
    assert not Entry.objects.exists()


def test_a_bomb_of_aliases_is_refused_at_its_first(problems):
    bomb = "a: &a [x, x]\n" + "\n".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert problems(f"{HEAD}{bomb}\n---\n") == [
        "3: A value can't start with “*” or “&”. Put the whole value in quotation marks."
    ]


def test_yaml_takes_nothing_for_a_truth_value_a_number_or_a_date(load):
    outcome = load(
        people="""
        ---
        kind: person
        family name: no
        given names: 1e3
        aliases: [null, 2023-06-06, 0x10, ~]
        ---
        """
    )
    assert outcome.problems == []
    person = Person.objects.get()
    assert (person.family_name, person.given_names) == ("no", "1e3")
    assert person.aliases == ["null", "2023-06-06", "0x10", "~"]


def test_norway_is_a_country(load):
    assert load(orgs="---\nkind: organisation\nname: N\ncountry: NO\n---\n").problems == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            b"---\nkind: workshop\n---\n# Caf\xe9\n",
            "4: Byte 6 of this line (0xe9) is not UTF-8. In Windows-1252 it is “é”.",
        ),
        (b"\xef\xbb\xbf---\nplace: x \x92\n---\n", "2: Byte 10 of this line (0x92) is not UTF-8."),
        (b"---\r\nkind: workshop\r\n---\r\n\x81", "4: Byte 1 of this line (0x81) is not UTF-8. Save"),
        ("---\nkind: workshop\n---\n".encode("utf-16"), "1: The file is in UTF-16."),
        (b"---\nkind: workshop\n---\n# A\0B\n", "4: There is a NUL character in this line."),
        (b"\x89PNG\r\n\x1a\n\0\0", "1: Byte 1 of this line (0x89) is not UTF-8."),
    ],
)
def test_broken_encodings(problems, data, problem):
    found = problems(data)
    assert len(found) == 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_line_end_and_a_byte_order_mark_are_fine(load, newline, mark):
    text = f"{mark}---\nkind: proposition\nsummary: |\n  One\n\n  Two\n---\n# T\n".replace("\n", newline)
    assert load(note=text.encode()).problems == []
    assert Entry.objects.get().summary == "One\n\nTwo"


def test_a_file_that_is_too_large_is_not_read(problems, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_FILE", 1_000_000)
    assert problems("---\nkind: workshop\n---\n" + "x" * 1_000_000) == [
        "1: The file is larger than 1 megabytes. Split it."
    ]


def test_front_matter_that_is_too_long_is_not_read(problems):
    found = problems(HEAD + "# x\n" * front_matter.LARGEST + "---\n")
    assert found == ["1: The front matter is longer than 200,000 characters. Long texts belong below it."]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            "## Session 1: S\n- Some argued this.\n",
            "6: “Some argued this.” is no “field: value”. Positions stand under",
        ),
        ("## Session 1: S\nNotes first.\n- rule: off the record\n", "7: “rule” may be a field or text."),
        ("- date: 2023\n", "5: “date” may be a field or text. As a field it belongs in the front matter"),
        ("## Session 1: S\n### Positions\nNo bullet.\n", "6: Under “Positions” stands a list"),
        ("## Session 1: S\n### Positions\n- C\n  - session: x\n", "8: “session” is clear from where this stands."),
        ("## Session 1: S\n### Positions\n- C\n  - held by: Asia experts\n", "8: A session's holder is described by"),
        ("## Session 1: S\n### Positions\n- C\n  - passage: p\n    - start: -1\n", "9: “-1” is no whole number"),
        ("## Session 1: S\n### Positions\n- C\n  - order: 99999999999\n", "8: “99999999999” is too large a number"),
        (
            "## Session 1: S\n### Positions\n- C\n  - speakers: A B\n    - x\n",
            "8: “speakers” is either a text or a list",
        ),
        (
            "## Session 1: S\n### Positions\n- C\n  - passage: p\n    - start: 5\n",
            "8: Give both ends of a passage",
        ),
        ("## Session 1: S\n### Positions\n- C\n  - stance: x\n  - stance: y\n", "8: “x” is none of"),
        ("## References\n- likes something\n", "6: Write what it has to do with what"),
        ("## References\n- cites note\n", "6: A cross-reference joins two entries"),
        ("## References\n- cites: workshop nte\n", "6: There is no workshop “nte”. Did you mean “note”?"),
        ("## Key questions\nWhy?\n\n- Why not?\n", "5: “Key questions” is either a text or a list"),
        ("## Session 1: S\n## Session 1: T\n", "6: Another session of this workshop has this number."),
        ("## Session 1: S\n## Session 2: S\n", "6: The session “note-s” stands already in line 5."),
    ],
)
def test_traps_in_the_body(problems, body, problem):
    found = problems(f"---\nkind: workshop\n---\n# T\n{body}")
    assert found, "nothing was found"
    assert found[0].startswith(problem)
    assert not Entry.objects.exists()


def test_a_country_is_suggested(problems):
    assert problems("---\nkind: organisation\nname: N\ncountry: Belgum\n---\n") == [
        "4: “Belgum” is no country: write two letters of ISO 3166 such as JP. Did you mean “Belgium”?"
    ]


def test_a_slug_is_suggested_from_the_notes_and_from_the_knowledge_base(load):
    Person.objects.create(slug="alice-dellera", family_name="Dell'Era")
    outcome = load(
        people="---\nkind: people\n---\n## Kim, Ada\n",
        article="---\nkind: article\nauthors: [dellera-alice, ada-kin]\n---\n# T\n",
    )
    assert [problem.message for problem in outcome.problems] == [
        "There is no person “ada-kin”. Did you mean “ada-kim”?",
        "There is no person “dellera-alice”. Did you mean “alice-dellera”?",
    ]


def test_regions_within_one_another_in_a_circle(problems):
    found = problems("---\nkind: regions\n---\n## A\n- parent: b\n## B\n- parent: a\n")
    assert [one.partition(": a")[0].partition(": b")[0] for one in found] == [
        "5: Regions within one another in a circle",
        "7: Regions within one another in a circle",
    ]


def test_themes_above_one_another_in_a_circle(problems):
    found = problems("---\nkind: themes\n---\n## A\n- broader: b\n## B\n- broader: a\n")
    assert found == ["5: broader: A would be broader than itself.", "7: broader: B would be broader than itself."]


def test_a_theme_that_is_both_broader_and_related(problems):
    found = problems("---\nkind: themes\n---\n## A\n- broader: b\n- related: b\n## B\n")
    assert found == ["6: related: A related concept is neither broader nor the concept itself."]


def test_a_field_that_is_said_twice_hides_nothing_else(problems):
    found = problems("---\nkind: article\ndate: 2023\ndate: 2024\ngenre: novel\n---\n# T\n")
    assert [line.partition(":")[0] for line in found] == ["4", "5"]


def test_a_theme_is_never_broader_than_itself(problems):
    [found] = problems("---\nkind: themes\n---\n## Gamma\n- broader: gamma\n")
    assert found.startswith("5: broader: A theme can't be in a list of its own.")


def test_a_slug_is_judged_where_it_stands(problems):
    [found] = problems("---\nkind: article\nslug: Bad slug!\n---\n\n\n# T\n")
    assert found.startswith("3: slug: Enter a valid")
