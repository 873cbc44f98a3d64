"""The desk, as a specialist works at it."""

import os
import re

from conftest import ROOT, assert_accessible, assert_fits, picture, wait_until

BODY = (
    "Guten Tag,\n\neine Patientin (74) nimmt seit drei Wochen Thromvexa 5 mg und hat nach der dritten Gabe einen "
    "juckenden Hautausschlag am Rumpf entwickelt. Muss die Dosis bei einer GFR von 22 ml/min reduziert werden?\n\n"
    "Außerdem warten wir seit Montag auf unsere Bestellung NP-2026-004711, wo bleibt die Lieferung?\n\n"
    "Mit freundlichen Grüßen\nDr. Anna Berg\nPraxis Berg, Kiel"
)


def send(desk, key="desk-1", body=BODY):
    contact = {
        "email": "anna.berg@praxis-berg.example",
        "name": "Dr. Anna Berg",
        "profession": "Ärztin",
        "institution": "Praxis Berg, Kiel",
        "country": "DE",
    }
    return desk.post_inquiry(key, subject="Thromvexa bei Niereninsuffizienz", body=body, contact=contact)


def open_case(page, reference):
    """Finds the case by its reference, as a specialist on the phone does, once it is decided."""

    def found():
        page.goto("/desk")
        page.fill("form[action='/desk/search'] input[type=search]", reference)
        with page.expect_navigation():
            page.press("form[action='/desk/search'] input[type=search]", "Enter")
        link = page.locator("main a[href*='/desk/cases/']").first
        if "/desk/cases/" not in page.url and link.count():
            link.click()
            page.wait_for_url("**/desk/cases/**")
        return page.locator("mark").count()

    wait_until(found, f"{reference} at the desk, with what was found in it")


def test_nobody_sees_the_desk_without_signing_in(open_page):
    page = open_page("/desk")
    assert page.locator("#password").is_visible()
    assert_accessible(page)
    picture(page, "sign-in")
    page.fill("#user", "niemand")
    page.fill("#password", "falsches Passwort")
    page.click("main button[type=submit]")
    assert page.locator("[role=alert]").inner_text().strip()


def test_a_question_is_answered_and_the_contact_sees_it(desk, open_page, signed_in):
    sent = send(desk)
    page = signed_in()
    open_case(page, sent["reference"])
    text = page.locator("main").inner_text()
    assert "Praxis Berg" in text
    marked = page.locator("mark").all_inner_texts()
    assert any("NP-2026-004711" in one for one in marked), marked
    assert any("usschlag" in one for one in marked), "the sign of a side effect is marked"
    assert_accessible(page)
    picture(page, "case")

    claim = page.locator("form[action$='/claim']").first
    request = re.search(r"/requests/(\d+)/claim", claim.get_attribute("action")).group(1)
    claim.locator("button").click()
    answer = page.locator(f"#answer-{request}")
    answer.fill("Bei einer GFR von 22 ml/min: 2 × täglich 2,5 mg (Fachinformation, Abschnitt 4.2).")
    answer.locator("xpath=ancestor::form").locator("button[type=submit]").click()
    assert "Abschnitt 4.2" in page.locator("main").inner_text()
    picture(page, "case-answered")

    status = open_page(sent["status_url"])
    assert "Abschnitt 4.2" in status.locator("main").inner_text()
    assert_accessible(status)
    picture(status, "status-answered")

    def mailed():
        status.goto("/dev/mail")
        status.locator("main a").first.wait_for()
        return sent["reference"] in status.locator("main").inner_text()

    wait_until(mailed, "the answer in the development mailbox")
    assert_accessible(status)
    picture(status, "development-mailbox")


def test_a_safety_flag_is_acknowledged_with_the_departments_number(desk, signed_in):
    sent = send(desk, key="desk-flag")
    page = signed_in()
    open_case(page, sent["reference"])
    flag = page.locator("article.flag", has=page.locator("form[action$='/acknowledge']")).first
    flag.locator("summary").first.click()
    flag.locator("input[name=number]").fill("PV-2026-0815")
    flag.locator("form[action$='/acknowledge'] button[type=submit]").click()
    assert "PV-2026-0815" in page.locator("main").inner_text()
    picture(page, "flag-acknowledged")


def test_a_mail_without_a_number_is_asked_about_and_its_reply_moves_it_on(desk, open_page, signed_in):
    desk.send_mail(
        "Lager <lager@see-apotheke.example>",
        "service@nordhafen-pharma.example",
        "Lieferung fehlt",
        "Hallo, unsere Lieferung ist immer noch nicht da. Wo bleibt sie?\n\nLager, See-Apotheke\n",
    )
    page = signed_in()

    def waiting():
        page.goto("/desk?desk=logistics&view=waiting")
        link = page.locator("a.worklist__link").first
        return link if link.count() else None

    wait_until(waiting, "the case among those that wait").click()
    text = page.locator("main").inner_text()
    assert "See-Apotheke" in text
    picture(page, "case-waiting")


def test_a_script_in_an_inquiry_stays_text(desk, signed_in):
    evil = "<script>document.title='gone'</script><img src=x onerror=alert(1)> Wo bleibt NP-2026-004712?"
    sent = send(desk, key="desk-script", body=evil)
    page = signed_in()
    open_case(page, sent["reference"])
    assert page.title() != "gone"
    assert "<script>" in page.locator(".message__text").first.inner_text()
    assert page.locator("main script, main img").count() == 0


def test_the_desk_fits_small_windows_and_dark_rooms(desk, signed_in):
    send(desk, key="desk-small")
    for width, scheme in [(320, "light"), (640, "dark"), (1280, "dark")]:
        page = signed_in(width=width, scheme=scheme)
        wait_until(lambda: page.goto("/desk") and page.locator("a.worklist__link").count(), "a line on the worklist")
        assert_fits(page)
        assert_accessible(page)
        picture(page, f"worklist-{width}-{scheme}")
        page.locator("a.worklist__link").first.click()
        page.wait_for_url("**/desk/cases/**")
        assert_fits(page)
        picture(page, f"case-{width}-{scheme}")


def test_the_picture_of_the_readme(desk, signed_in):
    """Taken anew with LOTSE_UPDATE_PICTURE=1; otherwise only that it is there, and small."""
    file = ROOT / "infra" / "docs" / "desk.png"
    if os.environ.get("LOTSE_UPDATE_PICTURE"):
        sent = send(desk, key="desk-picture")
        page = signed_in(width=1180, height=1120)
        open_case(page, sent["reference"])
        page.screenshot(path=file)
    assert 10_000 < file.stat().st_size < 200_000


def test_signing_out_ends_the_session(signed_in):
    page = signed_in()
    page.locator("form[action='/desk/sign-out'] button").click()
    page.goto("/desk")
    assert page.locator("#password").is_visible()
