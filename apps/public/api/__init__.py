"""The catalogue as JSON for programs: the same filters, counts and records as the pages, read-only."""
