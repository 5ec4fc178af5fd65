"""Small databases of the Discourse Network Analyzer, made by the schema that it makes them by (Sql.java of DNA 3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import product

SCHEMA = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT NOT NULL);
CREATE TABLE CODERS(ID INTEGER NOT NULL PRIMARY KEY, Name TEXT NOT NULL, Red INTEGER NOT NULL DEFAULT 0,
  Password TEXT NOT NULL);
CREATE TABLE DOCUMENTS(ID INTEGER NOT NULL PRIMARY KEY, Title TEXT NOT NULL, Text TEXT NOT NULL, Coder INTEGER,
  Author TEXT NOT NULL DEFAULT '', Source TEXT NOT NULL DEFAULT '', Section TEXT NOT NULL DEFAULT '',
  Notes TEXT NOT NULL DEFAULT '', Type TEXT NOT NULL DEFAULT '', Date INTEGER NOT NULL);
CREATE TABLE STATEMENTTYPES(ID INTEGER NOT NULL PRIMARY KEY, Label TEXT NOT NULL, Red INTEGER NOT NULL DEFAULT 0);
CREATE TABLE VARIABLES(ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT NOT NULL,
  DataType TEXT NOT NULL DEFAULT 'short text', StatementTypeId INTEGER, UNIQUE (Variable, StatementTypeId));
CREATE TABLE VARIABLELINKS(ID INTEGER NOT NULL PRIMARY KEY, SourceVariableId INTEGER, TargetVariableId INTEGER);
CREATE TABLE REGEXES(Label TEXT PRIMARY KEY, Red INTEGER NOT NULL DEFAULT 0);
CREATE TABLE CODERRELATIONS(ID INTEGER NOT NULL PRIMARY KEY, Coder INTEGER, OtherCoder INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER,
  Start INTEGER NOT NULL, Stop INTEGER NOT NULL, Coder INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
  Value INTEGER NOT NULL DEFAULT 1, UNIQUE (StatementId, VariableId));
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
  Value INTEGER NOT NULL DEFAULT 0, UNIQUE (StatementId, VariableId));
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, Value TEXT NOT NULL DEFAULT '',
  Red INTEGER, ChildOf INTEGER, UNIQUE (VariableId, Value));
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
  Entity INTEGER NOT NULL, UNIQUE (StatementId, VariableId));
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
  Value TEXT DEFAULT '', UNIQUE (StatementId, VariableId));
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL,
  AttributeVariable TEXT NOT NULL, UNIQUE(VariableId, AttributeVariable));
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY NOT NULL, EntityId INTEGER NOT NULL,
  AttributeVariableId INTEGER NOT NULL, AttributeValue TEXT NOT NULL DEFAULT '',
  UNIQUE (EntityId, AttributeVariableId));
INSERT INTO SETTINGS VALUES ('version', '3.0.11'), ('date', '2023-06-01');
INSERT INTO CODERS (ID, Name, Password) VALUES (1, 'Admin', '');
INSERT INTO STATEMENTTYPES (ID, Label) VALUES (1, 'DNA Statement'), (2, 'Annotation');
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1),
  (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1), (5, 'note', 'long text', 2);
INSERT INTO ATTRIBUTEVARIABLES VALUES (1, 1, 'Type'), (2, 1, 'Alias'), (3, 1, 'Notes'), (4, 2, 'Type'),
  (5, 2, 'Alias'), (6, 3, 'Notes');
"""
PERSON, ORGANISATION, CONCEPT, AGREEMENT, NOTE = 1, 2, 3, 4, 5
JUNE = 1_686_009_600  # 6 June 2023, in seconds since 1970
TEXT = "Jane Doe of the Agency 🛡️ said that calm is good.\r\nThe Institute disagrees: calm is bad.\nNobody else spoke.\n"


def database(fill: Callable[[sqlite3.Connection], object] = lambda _: None, schema: str = SCHEMA) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema)
    fill(connection)
    connection.commit()
    return connection.serialize()


def state(
    connection: sqlite3.Connection, number: int, document: int, text: str, words: str, *, agreement: int | None = 1,
    kind: int = 1, **entities: int,
) -> None:  # fmt: skip
    """A statement at some words of a document, at the places that Java counts."""
    start = len(text[: text.index(words)].encode("utf-16-le")) // 2
    stop = start + len(words.encode("utf-16-le")) // 2
    connection.execute("INSERT INTO STATEMENTS VALUES (?, ?, ?, ?, ?, 1)", (number, kind, document, start, stop))
    for variable, name in ((PERSON, "person"), (ORGANISATION, "organisation"), (CONCEPT, "concept")):
        if name in entities:
            row = (number, variable, entities[name])
            connection.execute("INSERT INTO DATASHORTTEXT (StatementId, VariableId, Entity) VALUES (?, ?, ?)", row)
    if agreement is not None:
        row = (number, AGREEMENT, agreement)
        connection.execute("INSERT INTO DATABOOLEAN (StatementId, VariableId, Value) VALUES (?, ?, ?)", row)


def small(connection: sqlite3.Connection) -> None:
    """A document with two statements and an annotation."""
    connection.execute(
        "INSERT INTO DOCUMENTS VALUES (1, 'A debate', ?, 1, 'Correspondent', 'The Herald', 'Politics', 'Seen', "
        "'News article', ?)",
        (TEXT, JUNE),
    )
    connection.executemany(
        "INSERT INTO ENTITIES (ID, VariableId, Value) VALUES (?, ?, ?)",
        [
            *((1, PERSON, "Doe, Jane"), (2, ORGANISATION, "The Agency"), (3, ORGANISATION, "The Institute")),
            *((4, CONCEPT, "Calm is good"), (5, CONCEPT, "")),
        ],
    )
    connection.executemany(
        "INSERT INTO ATTRIBUTEVALUES (EntityId, AttributeVariableId, AttributeValue) VALUES (?, ?, ?)",
        [(1, 1, "minister"), (1, 2, "J. Doe"), (2, 4, "Government"), (2, 5, "TA"), (4, 6, "Since 2020")],
    )
    state(connection, 7, 1, TEXT, "calm is good", person=1, organisation=2, concept=4)
    state(connection, 8, 1, TEXT, "calm is bad", organisation=3, concept=4, agreement=0)
    state(connection, 9, 1, TEXT, "Nobody else", kind=2, agreement=None)


def as_large_as_the_sample(connection: sqlite3.Connection) -> None:
    """As many organisations, concepts and statements as DNA's sample has: 7, 6 and 40. What they say is made up."""
    pairs = [*product(range(7), range(6))][:40]
    text = "\n".join(f"Organisation {one} on concept {other}." for one, other in pairs)
    connection.execute("INSERT INTO DOCUMENTS (ID, Title, Text, Date) VALUES (1, 'Hearing', ?, ?)", (text, JUNE))
    for one in range(7):
        connection.execute("INSERT INTO ENTITIES (ID, VariableId, Value) VALUES (?, 2, ?)", (one + 1, f"Org {one}"))
    for one in range(6):
        connection.execute(
            "INSERT INTO ENTITIES (ID, VariableId, Value) VALUES (?, 3, ?)", (one + 11, f"Concept {one}")
        )
    for number, (one, other) in enumerate(pairs, start=1):
        words = f"Organisation {one} on concept {other}."
        agreement = (one + other) % 2
        state(connection, number, 1, text, words, organisation=one + 1, concept=other + 11, agreement=agreement)
