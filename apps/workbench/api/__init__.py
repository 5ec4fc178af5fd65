"""The API of the workbench: programs make and edit drafts, by the admin's own forms. Nothing is published by it."""
