"""Each function may do what it needs: a permission that is missing shows at once.

All other tests here rely on it: the emulator enforces the roles' policies and the resources' own ones, and a
refusal anywhere fails the test during which it happens (conftest.py). This is the proof that it would.
"""

from desk import Desk, eventually

SHIPPING = "Unsere Bestellung NP-2026-004722 ist nicht angekommen. Wo bleibt das Paket?"


def without_right_to_send_mail(template):
    policies = template["Resources"]["ContactRole"]["Properties"]["ManagedPolicyArns"]
    policies.remove({"Ref": "MaySendMail"})
    return template


def test_a_missing_permission_is_refused_and_noticed_and_costs_no_message(binaries, tmp_path):
    desk = Desk(tmp_path, binaries, change=without_right_to_send_mail)
    try:
        desk.accepted(SHIPPING, "verboten@praxis.example")
        case = desk.case_of("verboten@praxis.example")
        refused = eventually(desk.wire.denials, "a refusal")
        assert {(call.service, call.action) for call in refused} == {("ses", "SendEmail")}
        assert "ContactRole" in refused[0].answer.decode(), "and nobody else's role is at fault"
        desk.wait_for_event(case, "arrived_at_desk")
        assert "message_sent" not in desk.kinds(case)
        desk.take_parked("contact", case, seconds=90)
    finally:
        desk.stop()
