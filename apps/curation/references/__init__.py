"""References that come in as CSL-JSON, BibTeX or RIS: from a text to what is said of each work, without a database."""
