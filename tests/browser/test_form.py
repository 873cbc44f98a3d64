"""The inquiry form, as somebody in a practice meets it."""

import pytest
from conftest import assert_accessible, assert_fits, picture

QUESTION = "Muss Thromvexa bei einer GFR von 20 ml/min reduziert werden? Es geht um eine Patientin in der Dialyse."


def fill_in(page, email="anna.berg@praxis-berg.example", message=QUESTION):
    page.check("[name=topic][value=medical_question]")
    page.fill("[name=subject]", "Dosis bei Niereninsuffizienz")
    page.fill("[name=message]", message)
    page.fill("[name=name]", "Dr. Anna Berg")
    page.fill("[name=profession]", "Ärztin")
    page.fill("[name=institution]", "Praxis Berg, Kiel")
    page.fill("[name=email]", email)
    page.check("[name=professional]")


@pytest.mark.parametrize("language, title", [("de", "Anfrage"), ("en", "inquiry")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_form_is_accessible_in_both_languages_and_schemes(open_page, language, title, scheme):
    page = open_page(f"/?lang={language}", scheme=scheme)
    assert page.locator("html").get_attribute("lang") == language
    assert title.lower() in page.locator("h1").inner_text().lower()
    assert_accessible(page)
    picture(page, f"form-{language}-{scheme}")
    assert page.refused == [], "the content security policy refuses nothing of our own"


# 320 pixels is a small phone, and also 1280 pixels at 400 %; 640 is 1280 at 200 % (WCAG 1.4.10, 1.4.4).
@pytest.mark.parametrize("width", [320, 390, 640])
def test_form_fits_small_windows_and_large_type(open_page, width):
    page = open_page("/?lang=de", width=width)
    assert_fits(page)
    picture(page, f"form-de-{width}")


@pytest.mark.parametrize("script", [True, False])
def test_an_inquiry_is_sent_and_its_status_page_shows_it(open_page, script):
    page = open_page("/?lang=de", script=script)
    fill_in(page)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sent*")
    assert page.locator(".reference").first.inner_text().strip()
    picture(page, f"sent-script-{script}")
    page.click("main a[href*='/s/']")
    assert "GFR von 20" in page.locator("main").inner_text()
    if script:
        assert_accessible(page)
    picture(page, f"status-script-{script}")


def test_the_keyboard_is_enough(open_page):
    page = open_page("/?lang=en")
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.getAttribute('href')")
    assert skip and skip.startswith("#"), "the first stop leads past the navigation"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return [document.activeElement.name || '', s.outlineStyle, s.boxShadow]; })()"
        )
        reached.add(outline[0])
        if outline[0]:
            assert outline[1] != "none" or outline[2] != "none", f"{outline[0]} shows no focus"
    assert {"message", "email", "professional"} <= reached
    assert "website" not in reached, "the trap for robots is no stop for people"


@pytest.mark.parametrize("language", ["de", "en"])
def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(open_page, language):
    page = open_page(f"/?lang={language}")
    page.fill("[name=subject]", "<script>alert(1)</script>")
    page.fill("[name=email]", "anna.berg(at)praxis")
    page.click("main button[type=submit]")
    assert page.locator("[aria-invalid=true]").count() >= 2
    email = page.locator("[name=email]")
    assert email.input_value() == "anna.berg(at)praxis"
    assert page.locator("[name=subject]").input_value() == "<script>alert(1)</script>"
    described = email.get_attribute("aria-describedby").split()
    assert any(page.locator(f"#{one}").inner_text().strip() for one in described)
    summary = page.locator(".error-summary, [role=alert]").first
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert_accessible(page)
    picture(page, f"form-errors-{language}")


def test_a_forged_status_link_opens_nothing(open_page):
    page = open_page("/s/" + "0" * 48)
    assert page.answer.status == 404
    assert page.locator("h1").inner_text().strip()
    picture(page, "forged-link")


def test_the_language_switch_needs_no_script(open_page):
    page = open_page("/?lang=de", script=False)
    page.click("a[hreflang=en]")
    assert page.locator("html").get_attribute("lang") == "en"
