"""Wagtail's forms in a browser."""


def wait_for_the_form(page):
    """Wait until Wagtail has looked at the form as it stands: what is typed before, it takes for what was there."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_000)
