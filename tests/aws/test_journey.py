"""An inquiry from the contact's first word to the answer in the contact's mailbox, by every way in."""

from desk import SERVICE, written
from person import Person

SHIPPING = "Unsere Bestellung NP-2026-004711 ist nicht angekommen. Wo bleibt das Paket?"
WITHOUT_NUMBER = "Guten Tag,\nunsere Lieferung ist nicht angekommen. Wo ist das Paket?\n"
DOSE = "Welche Dosis Neurexal empfehlen Sie bei einer eGFR von 28 ml/min?"
REACTION = (
    "Eine Patientin (74) nimmt seit drei Wochen Thromvexa 5 mg und hat nach der dritten Gabe einen juckenden "
    "Hautausschlag am Rumpf entwickelt. Muss die Dosis bei einer GFR von 22 ml/min reduziert werden?"
)


def text_of(message):
    return message.get_body(("plain",)).get_content()


def test_an_inquiry_by_http_reaches_its_desk_and_gets_its_receipt(desk):
    answer = desk.accepted(SHIPPING, "moeller@apotheke.example")
    case = desk.case_of("moeller@apotheke.example")
    desk.wait_for_event(case, "arrived_at_desk")
    receipt = desk.wait_for_mail("moeller@apotheke.example")
    assert answer["reference"] in text_of(receipt)
    assert receipt["Message-ID"] and SERVICE in receipt["From"]
    desk.wait_for_event(case, "message_sent")
    assert "NP-2026-004711" in desk.status_page(answer)
    queues = desk.sent_to(case)
    assert sorted(queues) == ["classify", "contact", "logistics"], "each function is told once"


def test_a_raw_mail_becomes_a_case_and_the_contacts_reply_moves_it(desk):
    mail = written("Anke Nissen <nissen@praxis.example>", "Lieferung", WITHOUT_NUMBER)
    desk.receive(mail)
    case = desk.case_of("nissen@praxis.example")
    question = desk.wait_for_mail("nissen@praxis.example")
    assert question["In-Reply-To"], "the mail program shows it as an answer"
    desk.wait_for_event(case, "message_sent")
    desk.receive(
        written(
            "Anke Nissen <nissen@praxis.example>",
            "Re: Lieferung",
            "Die Bestellnummer ist NP-2026-004790. Praxis Nissen, Kiel\n",
            to=question["Reply-To"] or question["From"],
            In_Reply_To=question["Message-ID"],
        )
    )
    desk.wait_for_event(case, "classified", 2)
    desk.wait_for_event(case, "arrived_at_desk")
    assert desk.cases_of("nissen@praxis.example") == [case]


def test_signs_of_a_side_effect_are_handed_over_at_once(desk):
    desk.accepted(REACTION, "berg@praxis-berg.example")
    case = desk.case_of("berg@praxis-berg.example")
    handed_over = desk.wait_for_mail("arzneimittelsicherheit@nordhafen-pharma.example")
    assert "Hautausschlag" in text_of(handed_over)
    desk.wait_for_event(case, "safety_handed_over")


def test_a_specialist_signs_in_and_her_answer_goes_out(desk, identity_service):
    answer = desk.accepted(DOSE, "lohse@praxis.example")
    case = desk.case_of("lohse@praxis.example")
    desk.wait_for_event(case, "arrived_at_desk")
    anna = Person(desk, identity_service, "anna", "Anna Petersen", ["medical-information"])
    assert answer["reference"] in anna.page("/desk")
    anna.act(case, "requests/1/claim")
    anna.act(case, "requests/1/answer", text="Bei einer eGFR von 28 ml/min: 2 × täglich 50 mg (Abschnitt 4.2).")
    sent = desk.wait_for_mail("lohse@praxis.example", 2)
    assert "Abschnitt 4.2" in text_of(sent)
    desk.wait_for_event(case, "answered")
    assert "Abschnitt 4.2" in desk.status_page(answer)


def test_whoever_is_at_no_desk_sees_no_case(desk, identity_service):
    desk.accepted(DOSE, "voss@praxis.example")
    case = desk.case_of("voss@praxis.example")
    desk.wait_for_event(case, "arrived_at_desk")
    stranger = Person(desk, identity_service, "bernd", "Bernd Voss", ["logistics"])
    status, _, page = stranger.ask("GET", f"/desk/cases/{case}")
    assert status == 404 and "eGFR" not in page


def test_mail_that_comes_back_is_noted_and_nothing_more_goes_there(desk):
    desk.accepted(SHIPPING, "verzogen@praxis.example")
    case = desk.case_of("verzogen@praxis.example")
    receipt = desk.wait_for_mail("verzogen@praxis.example")
    desk.wait_for_event(case, "message_sent")
    desk.publish_mail_event(
        {
            "eventType": "Bounce",
            "mail": {
                "messageId": "0107019a-1",
                "timestamp": "2026-11-22T10:00:00.000Z",
                "source": SERVICE,
                "destination": ["verzogen@praxis.example"],
                "headers": [{"name": "Message-ID", "value": receipt["Message-ID"]}],
                "commonHeaders": {"messageId": receipt["Message-ID"]},
            },
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "timestamp": "2026-11-22T10:00:03.000Z",
                "feedbackId": "0107019a-2",
                "bouncedRecipients": [
                    {
                        "emailAddress": "verzogen@praxis.example",
                        "action": "failed",
                        "status": "5.1.1",
                        "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                    }
                ],
            },
        }
    )
    desk.wait_for_event(case, "address_failed")
    desk.settle()
    assert len(desk.mails_to("verzogen@praxis.example")) == 1


def test_what_is_due_is_looked_for_by_the_clock(desk):
    schedules = [*desk.of_type("AWS::Scheduler::Schedule"), *desk.of_type("AWS::Events::Rule")]
    assert schedules, "something must wake the deadlines function"
    error, answer = desk.invoke("deadlines", {})
    assert error is None, answer


def test_logs_tell_what_happened_and_nothing_about_people(desk):
    desk.accepted(SHIPPING, "geheim@praxis.example")
    case = desk.case_of("geheim@praxis.example")
    desk.wait_for_event(case, "message_sent")
    for binary in desk.logical_of:
        logs = desk.logs(binary)
        for word in ("@praxis", "@apotheke", "Anna Berg", "NP-2026-004711", "Hautausschlag", "Wo bleibt"):
            assert word not in logs, f"{binary} logs {word!r}"
    assert desk.logs("classify").strip(), "this test read logs at all"
