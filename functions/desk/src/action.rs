//! What a person does to a case: each action is one command, carried out on the version that is there.

use crate::{
    DeskStore, Service,
    answer::problem_page,
    case::{case_page, visible_case},
    rights::may_see,
    session::Session,
    target::{back, chosen, review_clock},
};
use axum::{
    extract::{Request as HttpRequest, State},
    http::{StatusCode, Uri},
    response::Response,
};
use jiff::Timestamp;
use lotse_domain::{
    Actor, Case, CaseId, Command, Direction, Event, FlagNumber, ProcessError, RecordedEvent, Refused,
    Request, RequestId, Verbatim, advance,
    ports::{CaseStore, Unavailable},
};
use lotse_pages::{
    Problem,
    desk::{ActionError, Attempt, AttemptTarget, FlagAction, Notice, RequestAction, input},
    paths,
};
use lotse_policy::Policy;
use lotse_web::{Form, see_other, unavailable};
use std::sync::Arc;

/// The longest reason, as the page's field has it.
const MOST_REASON_CHARACTERS: usize = 500;
/// The longest number of another department, likewise.
const MOST_NUMBER_CHARACTERS: usize = 60;

/// `POST /desk/cases/<case>/requests/<number>/<action>`.
pub(crate) async fn on_request<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    request: HttpRequest,
) -> Response {
    let target = address(request.uri()).and_then(|(case, number, action)| {
        let request = RequestId(number.parse().ok()?);
        Some((case, AttemptTarget::Request(request, RequestAction::from_name(action)?)))
    });
    act(&desk, &session, target, request).await
}

/// `POST /desk/cases/<case>/flags/<number>/<action>`.
pub(crate) async fn on_flag<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    request: HttpRequest,
) -> Response {
    let target = address(request.uri()).and_then(|(case, number, action)| {
        let flag = FlagNumber(number.parse().ok()?);
        Some((case, AttemptTarget::Flag(flag, FlagAction::from_name(action)?)))
    });
    act(&desk, &session, target, request).await
}

/// The case, the number within it and the action that an address names.
fn address(uri: &Uri) -> Option<(CaseId, &str, &str)> {
    let mut parts = uri.path().strip_prefix(paths::CASE_PREFIX)?.split('/');
    let case = parts.next()?.parse().ok()?;
    let (_requests_or_flags, number, action) = (parts.next()?, parts.next()?, parts.next()?);
    Some((case, number, action))
}

async fn act<S: DeskStore>(
    desk: &Service<S>,
    session: &Session,
    target: Option<(CaseId, AttemptTarget)>,
    request: HttpRequest,
) -> Response {
    let form = match session.form(desk, request).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let case = match visible_case(desk, session, target.map(|(case, _)| case)).await {
        Ok(case) => case,
        Err(problem) => return problem_page(desk, session.language, problem),
    };
    let Some((_, target)) = target else {
        return problem_page(desk, session.language, Problem::NotFound);
    };
    let filled = Filled::new(&form, target);
    let outcome = match filled.error(&case, &desk.policy) {
        Some(error) => Ok(Outcome::Incomplete(error)),
        None => carry_out(desk, session, case.id, &filled).await,
    };
    match outcome {
        Ok(Outcome::Done(case)) => see_other(&next_path(session, &case, target)),
        Ok(Outcome::Incomplete(error)) => {
            let attempt = filled.attempt(error);
            case_page(desk, session, case, StatusCode::UNPROCESSABLE_ENTITY, None, Some(attempt)).await
        }
        Ok(Outcome::Refused(case, notice)) => {
            let attempt = filled.attempt(ActionError::NotDone);
            case_page(desk, session, case, StatusCode::CONFLICT, Some(notice), Some(attempt)).await
        }
        Err(error) => problem_page(desk, session.language, unavailable(&error)),
    }
}

enum Outcome {
    /// Done, now or by the same form sent before.
    Done(Case),
    /// Something is missing in the form.
    Incomplete(ActionError),
    /// The case, as it is now, refuses it.
    Refused(Case, Notice),
}

/// The page after an action: the case, or the worklist where the person has no right to the case any more.
fn next_path(session: &Session, case: &Case, target: AttemptTarget) -> String {
    let notice = done(target).name();
    if may_see(&session.user, case) {
        format!("{}?notice={notice}", paths::case(case.id))
    } else {
        format!("{}?notice={notice}", paths::DESK)
    }
}

fn done(target: AttemptTarget) -> Notice {
    match target {
        AttemptTarget::Request(_, action) => match action {
            RequestAction::Claim => Notice::Claimed,
            RequestAction::Release => Notice::Released,
            RequestAction::ConfirmRoute => Notice::RouteConfirmed,
            RequestAction::Answer => Notice::Answered,
            RequestAction::Ask => Notice::Asked,
            RequestAction::Move => Notice::Moved,
            RequestAction::Close => Notice::Closed,
            RequestAction::Reopen => Notice::Reopened,
        },
        AttemptTarget::Flag(_, FlagAction::Acknowledge) => Notice::Acknowledged,
        AttemptTarget::Flag(_, FlagAction::Dismiss) => Notice::Dismissed,
    }
}

/// The form of an action as it was filled in. Holds personal data: it has no `Debug`.
#[derive(Clone)]
struct Filled {
    target: AttemptTarget,
    /// The version that the page showed; 0 where it does not say.
    version: u32,
    /// The text, reason or number.
    typed: String,
    desk: String,
    topic: String,
}

impl Filled {
    fn new(form: &Form, target: AttemptTarget) -> Self {
        let typed = match target {
            AttemptTarget::Request(_, RequestAction::Answer | RequestAction::Ask) => {
                form.value(input::TEXT).trim().to_owned()
            }
            AttemptTarget::Flag(_, FlagAction::Acknowledge) => form.line(input::NUMBER),
            AttemptTarget::Request(..) | AttemptTarget::Flag(_, FlagAction::Dismiss) => {
                form.line(input::REASON)
            }
        };
        Self {
            target,
            version: form.value(input::VERSION).parse().unwrap_or_default(),
            typed,
            desk: form.line(input::DESK),
            topic: form.line(input::TOPIC),
        }
    }

    fn attempt(&self, error: ActionError) -> Attempt {
        Attempt {
            target: self.target,
            typed: self.typed.clone(),
            desk: self.desk.clone(),
            topic: self.topic.clone(),
            error,
        }
    }

    /// What is missing or too long, by the form alone.
    fn error(&self, case: &Case, policy: &Policy) -> Option<ActionError> {
        let length = self.typed.chars().count();
        let written = |missing, most| match length {
            0 => Some(missing),
            _ if length > most => Some(ActionError::TooLong),
            _ => None,
        };
        match self.target {
            AttemptTarget::Request(_, RequestAction::Answer | RequestAction::Ask) => {
                let most = policy.thresholds.limits.text_characters;
                written(ActionError::TextMissing, most)
                    .or_else(|| (!case.can_be_written_to()).then_some(ActionError::NoAddress))
            }
            AttemptTarget::Request(id, RequestAction::Move) => {
                let request = case.request(id)?;
                let nowhere = chosen(policy, case, request, &self.desk, &self.topic).is_none();
                nowhere
                    .then_some(ActionError::TargetMissing)
                    .or_else(|| written(ActionError::ReasonMissing, MOST_REASON_CHARACTERS))
            }
            AttemptTarget::Request(_, RequestAction::Close | RequestAction::Reopen)
            | AttemptTarget::Flag(_, FlagAction::Dismiss) => {
                written(ActionError::ReasonMissing, MOST_REASON_CHARACTERS)
            }
            AttemptTarget::Flag(_, FlagAction::Acknowledge) => {
                written(ActionError::NumberMissing, MOST_NUMBER_CHARACTERS)
            }
            AttemptTarget::Request(
                _,
                RequestAction::Claim | RequestAction::Release | RequestAction::ConfirmRoute,
            ) => None,
        }
    }

    /// True where the contact wrote after the page was made: nobody answers or closes what they have not read.
    fn is_overtaken(&self, case: &Case) -> bool {
        let reads_first = matches!(
            self.target,
            AttemptTarget::Request(_, RequestAction::Answer | RequestAction::Ask | RequestAction::Close)
        );
        reads_first
            && case.messages.iter().any(|head| {
                head.event > self.version
                    && matches!(head.direction, Direction::Inbound { automatic: None, .. })
            })
    }

    /// The command for the case as it stands.
    fn command(&self, case: &Case, policy: &Policy, at: Timestamp) -> Result<Command, Refused> {
        match self.target {
            AttemptTarget::Request(id, action) => {
                let request = case.request(id).ok_or(Refused::NoSuchRequest(id))?;
                self.request_command(action, case, request, policy, at)
            }
            AttemptTarget::Flag(flag, FlagAction::Acknowledge) => {
                Ok(Command::AcknowledgeFlag { flag, number: self.typed.clone() })
            }
            AttemptTarget::Flag(flag, FlagAction::Dismiss) => {
                Ok(Command::DismissFlag { flag, reason: self.verbatim() })
            }
        }
    }

    fn request_command(
        &self,
        action: RequestAction,
        case: &Case,
        request: &Request,
        policy: &Policy,
        at: Timestamp,
    ) -> Result<Command, Refused> {
        let id = request.id;
        let spent_minutes = policy.spent_minutes(&request.clock, at);
        Ok(match action {
            RequestAction::Claim => Command::Claim { request: id },
            RequestAction::Release => Command::Release { request: id },
            RequestAction::ConfirmRoute => Command::ConfirmRoute { request: id },
            RequestAction::Answer => Command::Answer { request: id, text: self.verbatim(), spent_minutes },
            RequestAction::Ask => Command::AskContact {
                request: id,
                text: self.verbatim(),
                spent_minutes,
                next_step_at: policy.first_step_after_question(at),
            },
            RequestAction::Move => {
                // Somebody else moved it there meanwhile.
                let target = chosen(policy, case, request, &self.desk, &self.topic);
                let target = target.ok_or(Refused::WrongState {
                    request: id,
                    state: request.state.name(),
                    attempted: "moved",
                    needed: "somewhere else",
                })?;
                Command::Move {
                    request: id,
                    topic: target.topic,
                    desk: target.desk,
                    to: target.to,
                    reason: self.verbatim(),
                    spent_minutes,
                    arrival: review_clock(policy, target.to, at),
                }
            }
            RequestAction::Close => Command::Close { request: id, reason: self.verbatim(), spent_minutes },
            RequestAction::Reopen => {
                let to = back(policy, request);
                let arrival = review_clock(policy, to, at);
                Command::Reopen { request: id, to, reason: self.verbatim(), arrival }
            }
        })
    }

    fn verbatim(&self) -> Verbatim {
        self.typed.as_str().into()
    }

    /// True where this event is what the form asked for: the same text, sent by a second press of the button.
    fn is_done_by(&self, event: &Event) -> bool {
        match (self.target, event) {
            (AttemptTarget::Request(id, RequestAction::Answer), Event::Answered { request, text, .. })
            | (AttemptTarget::Request(id, RequestAction::Ask), Event::ContactAsked { request, text, .. }) => {
                id == *request && text.as_str() == self.typed
            }
            _ => false,
        }
    }
}

async fn carry_out<S: DeskStore>(
    desk: &Service<S>,
    session: &Session,
    id: CaseId,
    filled: &Filled,
) -> Result<Outcome, Unavailable> {
    let now = desk.now();
    let actor = Actor::User(session.user.id.clone());
    let decide = |case: &Case| {
        if filled.is_overtaken(case) {
            return Ok(Vec::new());
        }
        Ok(vec![filled.command(case, &desk.policy, now)?])
    };
    match advance(&desk.store, id, now, &actor, decide).await {
        Ok(step) if filled.is_overtaken(&step.case) => Ok(Outcome::Refused(step.case, Notice::CaseChanged)),
        Ok(step) => Ok(Outcome::Done(step.case)),
        Err(ProcessError::Refused(refused)) => refusal(desk, id, &actor, filled, &refused).await,
        Err(ProcessError::TooManyConflicts) => {
            let case = current(&desk.store, id).await?;
            Ok(Outcome::Refused(case, Notice::CaseChanged))
        }
        Err(ProcessError::Unavailable(error)) => Err(error),
        Err(error @ (ProcessError::NoSuchCase(_) | ProcessError::AlreadyDone(_))) => {
            Err(Unavailable::for_now(error))
        }
    }
}

async fn refusal<S: DeskStore>(
    desk: &Service<S>,
    id: CaseId,
    actor: &Actor,
    filled: &Filled,
    refused: &Refused,
) -> Result<Outcome, Unavailable> {
    let history = desk.store.history(id).await?;
    let case = current(&desk.store, id).await?;
    let same = |recorded: &RecordedEvent| {
        recorded.id.sequence > filled.version
            && recorded.actor == *actor
            && filled.is_done_by(&recorded.event)
    };
    if history.iter().any(same) {
        return Ok(Outcome::Done(case));
    }
    let notice = match refused {
        Refused::ClaimedBy { .. } => Notice::TakenByAnother,
        _ => Notice::NotPossible,
    };
    Ok(Outcome::Refused(case, notice))
}

async fn current<S: CaseStore>(store: &S, id: CaseId) -> Result<Case, Unavailable> {
    store.load(id).await?.ok_or_else(|| Unavailable::for_now("the case is gone"))
}
