"""Widgets shown one by one on a bare page, without the site: quick to open, and free of what else is on a page."""

import pytest

from tests.site.widgets.hosted import HOST, Shown, answers


@pytest.fixture
def show(chromium):
    """`show(widget)` → it on a page, Shown; the page must end without complaint or request to another host."""
    opened = []

    def open_(widget, *, width=1280, theme="light", touch=False, still=True, kind=Shown):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, has_touch=touch,
                                       reduced_motion="reduce" if still else "no-preference")
        page, complaints = context.new_page(), []
        opened.append((context, complaints))
        page.on("console", lambda message: complaints.append(message.text)
                if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        served = answers(widget, theme)

        def answer(route):
            name = route.request.url.removeprefix(HOST)
            if name not in served:
                complaints.append(f"request: {route.request.url}")
                return route.abort()
            content_type, body = served[name]
            route.fulfill(content_type=f"{content_type}; charset=utf-8", body=body)

        page.route("**/*", answer)
        page.goto(HOST)
        page.locator("#main .sb").wait_for()
        return kind(page, widget)

    yield open_
    for context, complaints in opened:
        context.close()
    for _, complaints in opened:
        assert complaints == []
