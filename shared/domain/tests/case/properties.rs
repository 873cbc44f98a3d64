//! Whatever is asked of a case, in whatever order, by whomever: it stays whole.

use crate::support::*;
use lotse_domain::*;
use proptest::prelude::*;

fn any_topic() -> impl Strategy<Value = Topic> {
    prop::sample::select(vec![Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Other, Topic::Unknown])
}

fn any_destination() -> impl Strategy<Value = Destination> {
    prop::sample::select(vec![
        Destination::MedicalInformation,
        Destination::Logistics,
        Destination::Contact,
        Destination::Review,
    ])
}

fn any_actor() -> impl Strategy<Value = Actor> {
    prop::sample::select(vec![Actor::Contact, system(), specialist("anna"), specialist("ben")])
}

fn any_command() -> impl Strategy<Value = Command> {
    let request = || (1_u16..5).prop_map(RequestId);
    let flag = || (1_u16..5).prop_map(FlagNumber);
    let text = || prop::sample::select(vec!["", " ", "Text"]).prop_map(Verbatim::from);
    let minutes = 0_u32..1000;
    let clock = || prop::option::of(Just(arrival()));
    prop_oneof![
        3 => Just(Command::ReceiveMessage { message: message("Noch etwas") }),
        6 => (
            1_u32..12,
            prop::collection::vec((any_topic(), any_destination()), 0..3),
            prop::collection::vec(prop::sample::select(SafetyKind::ALL.to_vec()), 0..2),
        )
            .prop_map(|(number, routes, safety)| Command::Classify {
                message: MessageNumber(number),
                decision: decision(&routes, &safety),
                plan: plan(),
            }),
        3 => request().prop_map(|request| Command::Arrive { request, arrival: arrival() }),
        2 => request().prop_map(|request| Command::Claim { request }),
        1 => request().prop_map(|request| Command::Release { request }),
        1 => request().prop_map(|request| Command::ConfirmRoute { request }),
        2 => (request(), text(), minutes.clone())
            .prop_map(|(request, text, spent_minutes)| Command::Answer { request, text, spent_minutes }),
        2 => (request(), text(), minutes.clone()).prop_map(|(request, text, spent_minutes)| Command::AskContact {
            request,
            text,
            spent_minutes,
            next_step_at: hours_later(48),
        }),
        2 => (request(), any_topic(), any_destination(), text(), clock()).prop_map(
            |(request, topic, to, reason, arrival)| Command::Move {
                request,
                topic,
                desk: desk("logistics"),
                to,
                reason,
                spent_minutes: 1,
                arrival,
            },
        ),
        1 => (request(), text(), minutes)
            .prop_map(|(request, reason, spent_minutes)| Command::Close { request, reason, spent_minutes }),
        1 => (request(), any_destination(), text(), clock())
            .prop_map(|(request, to, reason, arrival)| Command::Reopen { request, to, reason, arrival }),
        1 => (1_u32..12).prop_map(|caused_by| Command::RecordWithheld {
            kind: OutgoingKind::Receipt,
            caused_by,
            reason: WithholdReason::NoAddress,
        }),
        1 => Just(Command::MarkAddressFailed { diagnosis: "5.1.1".to_owned(), arrival: arrival() }),
        1 => Just(Command::Remind { next_step_at: hours_later(96) }),
        1 => Just(Command::GiveToPerson { arrival: arrival() }),
        1 => Just(Command::MarkOverdue),
        1 => prop::collection::vec(flag(), 0..3).prop_map(|flags| Command::HandOver {
            flags,
            to: "pv@nordhafen-pharma.example".parse().expect("an address"),
            message_id: "1@nordhafen-pharma.example".to_owned(),
        }),
        1 => flag().prop_map(|flag| Command::AcknowledgeFlag { flag, number: "PV-1".to_owned() }),
        1 => (flag(), text()).prop_map(|(flag, reason)| Command::DismissFlag { flag, reason }),
    ]
}

fn any_course() -> impl Strategy<Value = Vec<(Command, i64, Actor)>> {
    prop::collection::vec((any_command(), 0_i64..200, any_actor()), 0..40)
}

fn check_invariants(change: &Change) -> Result<(), TestCaseError> {
    let case = change.case();
    prop_assert_eq!(case.version as usize, change.events().len());
    for (index, request) in case.requests.iter().enumerate() {
        prop_assert_eq!(usize::from(request.id.0), index + 1, "requests are numbered without a hole");
        let waits = matches!(request.state, RequestState::WaitingForContact { .. });
        prop_assert!(waits || request.gaps.is_empty(), "only what waits for the contact has gaps");
        let running = request.clock.running_since.is_some();
        prop_assert_eq!(running, request.clock.due_at.is_some());
        prop_assert_eq!(running, request.state.is_at_a_desk(), "the clock runs at a desk and nowhere else");
    }
    for (index, flag) in case.flags.iter().enumerate() {
        prop_assert_eq!(usize::from(flag.number.0), index + 1);
    }
    for (index, head) in case.messages.iter().enumerate() {
        prop_assert_eq!(head.number.0 as usize, index + 1);
    }
    let open = case.worklist_entries().iter().any(|entry| entry.status != WorkStatus::Done);
    prop_assert_eq!(
        open,
        !case.is_done(),
        "a case is done exactly when no worklist shows it as open or waiting"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_course_keeps_the_invariants_and_replays_to_the_snapshot(course in any_course()) {
        let mut change = open_case();
        for (command, hours, actor) in course {
            let before = change.case().clone();
            if change.execute(command, hours_later(hours), &actor).is_err() {
                prop_assert_eq!(change.case(), &before, "a refused command changes nothing");
            }
            check_invariants(&change)?;
        }
        prop_assert_eq!(Case::replay(change.events()), Ok(Some(change.case().clone())));
        let stored = serde_json::to_string(change.case()).expect("a case can be stored");
        prop_assert_eq!(&serde_json::from_str::<Case>(&stored).expect("and read"), change.case());
        for event in change.events() {
            let stored = serde_json::to_string(event).expect("an event can be stored");
            prop_assert_eq!(&serde_json::from_str::<RecordedEvent>(&stored).expect("and read"), event);
        }
    }

    #[test]
    fn a_command_repeated_at_once_changes_nothing_that_a_person_sees(course in any_course()) {
        let mut change = open_case();
        for (command, hours, actor) in course {
            let repeatable = !matches!(
                command,
                Command::ReceiveMessage { .. } | Command::Move { .. } | Command::Remind { .. } | Command::RecordSent { .. }
            );
            if change.execute(command.clone(), hours_later(hours), &actor).is_ok() && repeatable {
                let after = change.case().clone();
                // A repeat is either refused or ignored; it never happens again.
                let _ = change.execute(command, hours_later(hours), &actor);
                prop_assert_eq!(change.case(), &after);
            }
        }
    }

    #[test]
    fn a_history_with_a_hole_or_in_disorder_is_refused(course in any_course(), at in 0_usize..20) {
        let mut change = open_case();
        for (command, hours, actor) in course {
            let _ = change.execute(command, hours_later(hours), &actor);
        }
        let mut events = change.events().to_vec();
        if events.len() > 1 {
            events.remove(at % (events.len() - 1));
            prop_assert!(Case::replay(&events).is_err());
        }
    }
}
