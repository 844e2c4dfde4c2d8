"""Somebody is invited, comes by the link, is made a viewer, and is sent away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import WIDE, Watched
from tests.server.live import serve

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"


def invite(page: Page, name: str) -> str:
    """The link that lets `name` in."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("status")).to_contain_text(name)
    return page.get_by_role("status").locator("code").inner_text()


def test_people_come_and_go(chromium: Browser, page: Page, watched: Watched, tmp_path):
    watched.allowed.append("401 (Unauthorized)")  # what somebody sent away is told
    with serve(tmp_path / "data") as live:
        page.goto(f"{live.url}{live.link}")
        page.goto(f"{live.url}/settings/people")
        expect(page.get_by_text("Nobody else belongs here yet.")).to_be_visible()
        link = invite(page, "ada@example.com")

        context = chromium.new_context(viewport=WIDE)
        ada = watched.over(context.new_page())
        ada.goto(link)
        ada.get_by_label("New password").fill(PASSWORD)
        ada.get_by_role("button", name="Set the password").click()
        expect(ada.get_by_role("button", name="Change the password")).to_be_visible()
        ada.get_by_role("button", name="Sign out").click()
        ada.get_by_label("Username").fill("ada@example.com")
        ada.get_by_label("Password").fill(PASSWORD)
        ada.get_by_role("button", name="Sign in").click()
        ada.get_by_role("link", name="Settings").click()
        ada.get_by_role("link", name="People").click()
        expect(ada.get_by_role("list", name="People")).to_contain_text("ada@example.com you")
        expect(ada.get_by_role("button", name="Invite")).to_have_count(0)

        page.reload()
        page.get_by_role("combobox", name="Role of ada@example.com").click()
        page.get_by_role("option", name="Viewer").click()
        ada.reload()
        expect(ada.get_by_text("Viewer", exact=True)).to_be_visible()

        ada.get_by_role("link", name="Workflows").click()
        ada.get_by_role("link", name="Research pipeline").click()
        expect(ada.get_by_text("View only")).to_be_visible()
        expect(ada.get_by_role("button", name=re.compile("^(Run|Publish)"))).to_have_count(0)
        ada.get_by_role("group", name=re.compile("^Researcher,")).click()
        expect(ada.get_by_role("complementary", name="Settings, to read")).to_contain_text("three facts")

        page.get_by_role("button", name="More for ada@example.com").click()
        page.get_by_role("menuitem", name="Remove").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
        expect(page.get_by_role("list", name="People")).not_to_contain_text("ada@example.com")
        ada.reload()
        expect(ada.get_by_role("heading", name="Sign in to Wireloom")).to_be_visible()
        context.close()
