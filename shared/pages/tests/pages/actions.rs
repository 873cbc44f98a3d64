//! The desk offers what the case accepts, no more and no less, at every point of a case's life.

use crate::sample::case_sample;
use jiff::Timestamp;
use lotse_domain::{Actor, Arrival, Case, Command, Destination, RequestId, Topic, UserId, Verbatim};
use lotse_pages::desk::{RequestAction, allowed_on_request};

fn command(action: RequestAction, request: RequestId, at: Timestamp) -> Command {
    let text = || Verbatim::from("a text");
    let arrival = Some(Arrival { target_minutes: 60, due_at: at });
    let to = Destination::Review;
    match action {
        RequestAction::Claim => Command::Claim { request },
        RequestAction::Release => Command::Release { request },
        RequestAction::ConfirmRoute => Command::ConfirmRoute { request },
        RequestAction::Answer => Command::Answer { request, text: text(), spent_minutes: 0 },
        RequestAction::Ask => {
            Command::AskContact { request, text: text(), spent_minutes: 0, next_step_at: at }
        }
        RequestAction::Move => Command::Move {
            request,
            topic: Topic::Other,
            desk: "review".parse().expect("a desk"),
            to,
            reason: text(),
            spent_minutes: 0,
            arrival,
        },
        RequestAction::Close => Command::Close { request, reason: text(), spent_minutes: 0 },
        RequestAction::Reopen => Command::Reopen { request, to, reason: text(), arrival },
    }
}

#[test]
fn an_action_is_offered_exactly_where_the_case_accepts_it() {
    let (_, history) = case_sample(str::to_owned);
    let mut compared = 0;
    for length in 1..=history.len() {
        let case = Case::replay(&history[..length]).expect("a whole history").expect("a case");
        for name in ["mia.brandt", "jan.petersen"] {
            let user: UserId = name.parse().expect("a user name");
            for request in &case.requests {
                let offered = allowed_on_request(request, &user);
                for action in RequestAction::ALL {
                    let command = command(action, request.id, case.changed_at);
                    let events = case.decide(command, case.changed_at, &Actor::User(user.clone()));
                    let is_accepted = events.is_ok_and(|events| !events.is_empty());
                    let where_it_stands = format!("{action:?} by {name} while {}", request.state.name());
                    assert_eq!(offered.contains(&action), is_accepted, "{where_it_stands}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 200);
}
