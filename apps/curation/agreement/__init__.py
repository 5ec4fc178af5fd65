"""How far two analysts agree who coded the same source apart: what each found, put side by side and measured."""
