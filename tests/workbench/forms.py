"""Filling in the workbench's forms as a browser would."""

from typing import Any

from bs4 import BeautifulSoup
from django.urls import reverse

ENTRIES = "/admin/curation/entry/"


def change(entry) -> str:
    return reverse(f"admin:curation_{entry.kind}_change", args=[entry.pk])


def form_of(client, address: str) -> dict[str, str]:
    """All that a browser would send back if the form were saved as it stands."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    [form] = [one for one in page.find_all("form") if one.get("id", "").endswith("_form")]
    data: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        key = field.get("name")
        if not key or field.get("type") in ("submit", "button") or "__prefix__" in key:
            continue
        if field.name == "select":
            data[key] = [option["value"] for option in field.find_all("option", selected=True)]
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data.setdefault(key, []).append(field.get("value", "on"))
        elif field.name == "input":
            data[key] = field.get("value", "")
        else:  # a browser sends the ends of lines in its own way
            data[key] = field.get_text().removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
    return data


def problems(response) -> str:
    return " ".join(
        one.get_text(" ", strip=True) for one in BeautifulSoup(response.content, "html.parser").select(".errorlist")
    )


def add(client, kind: str, **fields):
    """Fill in the add form of a kind and save it."""
    address = reverse(f"admin:curation_{kind}_add")
    return client.post(address, form_of(client, address) | fields)


def save(client, entry, **fields):
    """Open the form of an entry, change some of it and save."""
    return client.post(change(entry), form_of(client, change(entry)) | fields)
