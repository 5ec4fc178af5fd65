"""How soon a page is there, on a slow line and a slow machine. `make felt` prints it for every type of page.

The profile is Lighthouse's for mobiles: 1.6 megabits a second, 150 ms there and back, a processor four times slower.
A page is there when its largest part is painted (Largest Contentful Paint, https://web.dev/articles/lcp).
"""

from playwright.sync_api import Browser, Page

WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
window.painted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.painted = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
"""
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}


def weigh(page: Page, address: str) -> int:
    """The bytes that come over the wire for a page and all that it asks for, in a browser that has nothing of it."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    received = [0]
    client.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    return int(sum(received))


def test_how_soon_a_page_is_there(browser: Browser, site: str, addresses: dict[str, str], capsys):
    rows = []
    for name, address in addresses.items():
        context = browser.new_context(viewport={"width": 412, "height": 823})
        context.add_init_script(WATCH_SHIFTS)
        page = context.new_page()
        client = context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.emulateNetworkConditions", _LINE)
        client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        weight = weigh(page, site + address)
        page.wait_for_timeout(300)
        rows.append((name, page.evaluate("window.painted"), page.evaluate("window.shifted"), weight))
        context.close()
    with capsys.disabled():
        print("\n                        largest paint   shift       weight")
        for name, painted, shift, weight in rows:
            print(f"  {name:22}{painted:10.0f} ms {shift:9.3f} {weight / 1000:9.0f} kB")
