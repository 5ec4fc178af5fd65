"""How quick and how large: measured through the shipped server, on a synthetic corpus. `make bench` runs it."""
