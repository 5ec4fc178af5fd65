"""Two coders: what both found side by side, what is decided about it, and the figures to take along."""
