"""The public site's addresses. A permalink holds the identifier alone, so it outlives every change of title."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from apps.public.exports.wholes import WHOLES
from apps.public.website.views import (
    browse,
    compare,
    exports,
    home,
    lessons,
    machines,
    map,
    matrix,
    pages,
    records,
    vocabulary,
)
from apps.public.website.views.later import Later

analysis, opinions = Later("apps.public.website.views.analysis"), Later("apps.public.website.views.opinions")
KINDS = "(?P<kinds>articles|workshops|sessions|propositions|positions)"
IDENTIFIER = "(?P<identifier>[2-9a-z]{8})"

urlpatterns = [
    path("", home.home, name="home"),
    path("browse/", browse.browse, name="browse"),
    path("map/", map.regions, name="map"),
    path("compare/", compare.comparison, name="compare"),
    path("compare/frozen/<str:token>/", compare.frozen, name="frozen-comparison"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("analysis/", analysis.overview, name="analysis"),
    path("analysis/divergence/", opinions.divergence_page, name="divergence"),
    path("analysis/over-time/", opinions.moving_page, name="over-time"),
    path("analysis/coverage/", opinions.coverage_page, name="coverage"),
    re_path(
        r"^analysis/(?P<page>divergence|over-time|coverage)\.(?P<extension>[a-z.]+)$", opinions.file, name="figures"
    ),
    path("analysis/networks/", analysis.network_page, name="networks"),
    re_path(r"^analysis/networks\.(?P<extension>[a-z.]+)$", analysis.network_file, name="network-file"),
    path("lessons/", lessons.travelling, name="lessons"),
    path("workshops/", records.workshops, name="workshops"),
    re_path(rf"^{KINDS}/{IDENTIFIER}/$", records.record, name="record"),
    re_path(rf"^{KINDS}/{IDENTIFIER}/versions/(?P<number>[1-9][0-9]{{0,5}})/$", records.version, name="version"),
    path("export/", RedirectView.as_view(pattern_name="browse")),
    path("export/<slug:name>/", exports.listed, name="export"),
    re_path(rf"^{KINDS}/{IDENTIFIER}/export/(?P<name>[-a-z]+)/$", exports.single, name="record-export"),
    re_path(rf"^workshops/{IDENTIFIER}/reading-list/(?P<name>[-a-z]+)/$", exports.bibliography, name="reading-list"),
    re_path(rf"^{KINDS}/{IDENTIFIER}/cite/$", records.cite, name="cite"),
    *(path(name, exports.whole, {"name": name}, name=name) for name in WHOLES),
    path("regions/", vocabulary.regions, name="regions"),
    path("regions/<slug:slug>/", vocabulary.region, name="region"),
    path("themes/", vocabulary.themes, name="themes"),
    path("themes/<slug:slug>/", vocabulary.theme, name="theme"),
    path("tags/<path:name>/", vocabulary.tag, name="tag"),
    path("about/", pages.about, name="about"),
    path("patterns/", pages.patterns, name="patterns"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", machines.robots, name="robots"),
    path("feed/", machines.atom, name="feed"),
    path("sitemap.xml", machines.sitemaps, name="sitemaps"),
    path("sitemap-<slug:section>.xml", machines.sitemap, name="sitemap"),
    path("unapi/", machines.unapi, name="unapi"),
]
