"""References that come in as CSL-JSON, BibTeX or RIS: what is said of each work, and which works are the same."""
