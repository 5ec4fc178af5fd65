"""Template tags and filters of the website."""

from django import template

register = template.Library()
