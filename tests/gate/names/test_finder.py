"""What a finder promises, whatever the sentence."""

import pytest

from apps.gate.names import Match, Name, NameFinder, folds

ZARNECKI = Name.person("Zarnecki", "Quill")


def found(text: str, *names: Name, literal: tuple[str, ...] = ()) -> list[str]:
    return [match.words for match in NameFinder(names, literal).find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "As Zarnecki said.",
        "\u00ad\u200bAs \u202aZar\u200bnecki\u202c said.",
        "Przyszła Za\u0301rnęcki, as ever.",
        "See a%20b/%5Aarnecki&amp;c.",
        "&quot;&#90;arnecki&quot;",
        "🙂🙂 Zarnecki 🙂",
    ],
)
def test_places_are_those_of_the_text_as_it_came(text):
    (match,) = NameFinder([ZARNECKI]).find(text)
    assert text[match.start : match.end] == match.words
    assert match.certain


def test_a_mark_belongs_to_the_letter_before_it():
    text = "As Zarnecki\u0301 said."
    assert NameFinder([ZARNECKI]).find(text) == [Match("Zarnecki\u0301", 3, 12, True)]


def test_the_longest_of_what_overlaps_is_shown_once_and_in_order():
    text = "Zarnecki, then Quill Zarnecki, then Zarnecki."
    assert found(text, ZARNECKI, Name.body("Zarnecki")) == ["Zarnecki", "Quill Zarnecki", "Zarnecki"]


def test_a_certain_name_goes_before_a_longer_uncertain_one():
    matches = NameFinder([Name.person("Vexley", "Anton"), Name.person("Anton Rauk")]).find("vexley, Anton Rauk")
    assert [(match.words, match.certain) for match in matches] == [("vexley, Anton", True), ("Rauk", True)]


def test_nobody_is_found_by_a_finder_of_nobody():
    assert NameFinder([]).find("Quill Zarnecki") == []
    assert NameFinder([Name.person(""), Name.body(" "), Name.alias("...")], ["", "-"]).find("Quill Zarnecki -") == []


@pytest.mark.parametrize(
    ("alias", "family", "given"),
    [
        ("Zarnecki", "Zarnecki", ""),
        ("Quill Otto Zarnecki", "Zarnecki", "Quill Otto"),
        ("Zarnecki, Quill", "Zarnecki", "Quill"),
        ("Anneke van der Berg", "van der Berg", "Anneke"),
        ("van der Berg", "van der Berg", ""),
        ("岡部", "岡部", ""),
        ("", "", ""),
    ],
)
def test_an_alias_is_taken_apart_as_a_reader_would(alias, family, given):
    name = Name.alias(alias)
    assert (name.family, name.given.strip()) == (family, given)


def test_the_article_of_a_nickname_is_no_given_name():
    assert found("The walls came down. The Heron saw it.", Name.alias("The Heron")) == ["The Heron"]


def test_a_literal_is_found_as_a_whole_only():
    literal = ("q.zed@kix.example", "The Old Heron")
    assert found("Mail Q.Zed@KIX.example.", literal=literal) == ["Q.Zed@KIX.example"]
    assert found("They call her the old heron here.", literal=literal) == ["the old heron"]
    assert found("Zed saw a heron; old KIX example", literal=literal) == []


def test_an_email_address_broken_over_a_line_is_found():
    assert found("q.zed@kix.\nexample", literal=("q.zed@kix.example",)) == []  # a full stop ends a sentence there
    assert found("q.zed@\nkix.example", literal=("q.zed@kix.example",)) == ["q.zed@\nkix.example"]


def test_a_sentence_end_parts_given_name_and_surname():
    matches = NameFinder([Name.person("May", "Theresa")]).find("She met Theresa. May we assume so?")
    assert [(match.words, match.certain) for match in matches] == [("Theresa", False)]


def test_a_given_name_of_two_words_is_found_in_all_its_mixtures():
    name = Name.person("Oyelaran", "Ada Jane")
    for text in ("Ada Jane Oyelaran", "Ada Oyelaran", "Jane Oyelaran", "A. J. Oyelaran", "A.J. Oyelaran",
                 "AJ Oyelaran", "Ada J. Oyelaran", "Oyelaran, Ada Jane", "Oyelaran, A. J.", "adajaneoyelaran",
                 "Oyelaran Ada"):  # fmt: skip
        assert found(f"By {text}", name) == [text.rstrip(".")]


def test_names_in_scripts_without_spaces_are_found_within_a_run():
    assert found("昨日岡部健が述べた", Name.person("岡部", "健")) == ["岡部健"]
    assert found("健岡部", Name.person("岡部", "健")) == ["健岡部"]


def test_a_character_that_sounds_the_same_is_no_surname():
    assert found("一张地图", Name.person("Zhang", "Min")) == []
    assert found("张敏", Name.person("Zhang", "Min")) == ["张敏"]


def test_a_surname_that_a_word_of_an_address_holds_is_found():
    assert found("https://x.example/drzarneckinotes", ZARNECKI) == ["drzarneckinotes"]
    assert found("The Zarneckian view", ZARNECKI) == ["Zarneckian"]


def test_a_name_with_ornaments_or_enclosed_letters_is_found():
    assert found("_Quill_ **Zarnecki**", ZARNECKI) == ["Quill_ **Zarnecki"]
    assert found("Ⓩⓐⓡⓝⓔⓒⓚⓘ", ZARNECKI) == ["Ⓩⓐⓡⓝⓔⓒⓚⓘ"]
    assert found("🅉arnecki", ZARNECKI) == ["🅉arnecki"]


def test_digits_that_look_like_letters_are_read_as_letters_within_a_name():
    assert found("As Belm1ro said", Name.person("Belmiro", "Ana")) == ["Belm1ro"]
    assert found("The M4 carbine", Name.person("Ma", "Lin")) == []


def test_a_table_cell_is_as_good_as_a_comma():
    assert found("| Zarnecki | Quill |", ZARNECKI) == ["Zarnecki | Quill"]


def test_percent_signs_that_encode_nothing_are_left_alone():
    assert found("50%Edvarsen", Name.person("Edvarsen")) == ["Edvarsen"]


def test_a_name_holds_no_surprises_for_a_name():
    """A name entered with a soft hyphen, a code or an accent in pieces is the name that it looks like."""
    for entered in ("Zar\u00adnecki", "Zarnecki\u200b", "Za\u0301rnecki", "  Zarnecki ", "Zarneсki"):
        assert found("As Zarnecki said.", Name.person(entered)) == ["Zarnecki"]


def test_a_name_with_more_mixtures_of_forms_than_can_be_tried_is_found_in_the_likely_ones():
    name = Name.body("Übüng für Söhne, Güte, Blüten, Mühen, Kühe, Höhen, Räte, Gärten, Väter")
    plain = "Ubung fur Sohne, Gute, Bluten, Muhen, Kuhe, Hohen, Rate, Garten, Vater"
    written_out = "Uebueng fuer Soehne, Guete, Blueten, Muehen, Kuehe, Hoehen, Raete, Gaerten, Vaeter"
    assert [found(text, name) for text in (name.family, plain, written_out)] == [[name.family], [plain], [written_out]]


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("Müller", {"muller", "mueller"}),
        ("Łódź", {"lodz"}),
        ("Straße", {"strasse"}),
        ("𝐙𝐚𝐫", {"zar"}),
        ("İnce", {"ince"}),
        ("Рrice", {"price", "rrice"}),  # a Cyrillic letter at the start
        ("García Márquez", {"garciamarquez"}),
        ("42", set()),
        ("", set()),
    ],
)
def test_a_word_is_folded_to_all_that_it_could_be_read_as(word, forms):
    assert folds(word) == forms
