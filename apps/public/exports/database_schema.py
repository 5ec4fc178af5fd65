"""The tables of the catalogue as a SQLite file. What refers to records of any kind refers to ``records``."""

TABLES = """
CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE regions (slug TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, scope_note TEXT NOT NULL);
CREATE TABLE region_names (
    region TEXT NOT NULL REFERENCES regions (slug), name TEXT NOT NULL, PRIMARY KEY (region, name));
CREATE TABLE region_broader (
    region TEXT NOT NULL REFERENCES regions (slug), broader TEXT NOT NULL REFERENCES regions (slug),
    PRIMARY KEY (region, broader));
CREATE TABLE region_countries (
    region TEXT NOT NULL REFERENCES regions (slug), country TEXT NOT NULL, PRIMARY KEY (region, country));
CREATE TABLE themes (slug TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, scope_note TEXT NOT NULL);
CREATE TABLE theme_names (
    theme TEXT NOT NULL REFERENCES themes (slug), name TEXT NOT NULL, PRIMARY KEY (theme, name));
CREATE TABLE theme_broader (
    theme TEXT NOT NULL REFERENCES themes (slug), broader TEXT NOT NULL REFERENCES themes (slug),
    PRIMARY KEY (theme, broader));
CREATE TABLE theme_related (
    theme TEXT NOT NULL REFERENCES themes (slug), related TEXT NOT NULL REFERENCES themes (slug),
    PRIMARY KEY (theme, related));
CREATE TABLE tags (name TEXT PRIMARY KEY);
CREATE TABLE records (
    identifier TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL, date TEXT NOT NULL,
    earliest TEXT NOT NULL, rule TEXT NOT NULL, permalink TEXT NOT NULL, version INTEGER NOT NULL,
    published TEXT NOT NULL, synthetic INTEGER NOT NULL);
CREATE TABLE articles (
    identifier TEXT NOT NULL PRIMARY KEY REFERENCES records (identifier), title TEXT NOT NULL, outlet TEXT NOT NULL,
    genre TEXT NOT NULL, doi TEXT NOT NULL, url TEXT NOT NULL, language TEXT NOT NULL, cited_as TEXT NOT NULL);
CREATE TABLE authors (
    article TEXT NOT NULL REFERENCES articles (identifier), number INTEGER NOT NULL, name TEXT NOT NULL,
    family TEXT NOT NULL, given TEXT NOT NULL, affiliation TEXT NOT NULL, PRIMARY KEY (article, number));
CREATE TABLE workshops (
    identifier TEXT NOT NULL PRIMARY KEY REFERENCES records (identifier), title TEXT NOT NULL, host TEXT NOT NULL,
    place TEXT NOT NULL, rule_note TEXT NOT NULL);
CREATE TABLE sessions (
    identifier TEXT NOT NULL PRIMARY KEY REFERENCES records (identifier), title TEXT NOT NULL,
    workshop TEXT REFERENCES workshops (identifier), number INTEGER);
CREATE TABLE propositions (
    identifier TEXT NOT NULL PRIMARY KEY REFERENCES records (identifier), title TEXT NOT NULL);
CREATE TABLE positions (
    identifier TEXT NOT NULL PRIMARY KEY REFERENCES records (identifier), title TEXT NOT NULL, stance TEXT NOT NULL,
    proposition TEXT REFERENCES propositions (identifier), source TEXT REFERENCES records (identifier),
    workshop TEXT REFERENCES workshops (identifier), number INTEGER, holder TEXT NOT NULL, quantifier TEXT NOT NULL,
    descriptor TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE holders (
    position TEXT NOT NULL REFERENCES positions (identifier), name TEXT NOT NULL, PRIMARY KEY (position, name));
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, position TEXT NOT NULL REFERENCES positions (identifier), number INTEGER NOT NULL,
    quotation TEXT, prefix TEXT, suffix TEXT, locator TEXT, start_position INTEGER, end_position INTEGER);
CREATE TABLE participants (
    record TEXT NOT NULL REFERENCES records (identifier), name TEXT NOT NULL, PRIMARY KEY (record, name));
CREATE TABLE key_questions (
    record TEXT NOT NULL REFERENCES records (identifier), number INTEGER NOT NULL, question TEXT NOT NULL,
    PRIMARY KEY (record, number));
CREATE TABLE record_regions (
    record TEXT NOT NULL REFERENCES records (identifier), region TEXT NOT NULL REFERENCES regions (slug),
    PRIMARY KEY (record, region));
CREATE TABLE record_themes (
    record TEXT NOT NULL REFERENCES records (identifier), theme TEXT NOT NULL REFERENCES themes (slug),
    PRIMARY KEY (record, theme));
CREATE TABLE record_tags (
    record TEXT NOT NULL REFERENCES records (identifier), tag TEXT NOT NULL REFERENCES tags (name),
    PRIMARY KEY (record, tag));
CREATE TABLE cross_references (
    source TEXT NOT NULL REFERENCES records (identifier), target TEXT NOT NULL REFERENCES records (identifier),
    relation TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (source, target, relation));
"""

INDEXES = """
CREATE INDEX record_regions_region ON record_regions (region);
CREATE INDEX record_themes_theme ON record_themes (theme);
CREATE INDEX record_tags_tag ON record_tags (tag);
CREATE INDEX records_kind ON records (kind);
CREATE INDEX sessions_workshop ON sessions (workshop);
CREATE INDEX positions_proposition ON positions (proposition);
CREATE INDEX positions_source ON positions (source);
CREATE INDEX positions_workshop ON positions (workshop);
CREATE INDEX passages_position ON passages (position);
CREATE INDEX cross_references_target ON cross_references (target);
"""

# Rows are numbered without gaps where nothing is deleted, so VACUUM leaves them what the index calls them.
SEARCH = """
CREATE VIRTUAL TABLE records_fts USING fts5 (title, summary, content="records", tokenize="porter unicode61");
INSERT INTO records_fts (records_fts) VALUES ('rebuild');
CREATE VIRTUAL TABLE positions_fts USING fts5 (title, holder, content="positions", tokenize="porter unicode61");
INSERT INTO positions_fts (positions_fts) VALUES ('rebuild');
CREATE VIRTUAL TABLE passages_fts USING fts5 (quotation, content="passages", content_rowid="id",
    tokenize="porter unicode61");
INSERT INTO passages_fts (passages_fts) VALUES ('rebuild');
"""
