//! What the domain expects of every store: the rules of [`lotse_domain::ports`] as tests that any adapter runs.
//!
//! Each rule is an `async fn` over a store in which nothing is yet; it panics where the store breaks the rule,
//! and its name says which. An adapter's test file names a function that makes such a store, together
//! with whatever must live as long (a temporary folder, a table that is deleted at the end):
//!
//! ```text
//! async fn fresh() -> (SqliteStore, TempDir) { … }
//!
//! lotse_store::case_store_contract!(fresh);
//! lotse_store::event_feed_contract!(fresh);
//! lotse_store::user_directory_contract!(fresh);
//! ```

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "the suite is made of assertions; a panic is how a rule says that it is broken"
)]

pub mod claims;
pub mod commits;
pub mod events;
pub mod lookups;
pub mod sample;
pub mod search;
pub mod users;
pub mod worklists;

/// Makes a test of every rule for a [`CaseStore`](lotse_domain::ports::CaseStore).
#[macro_export]
macro_rules! case_store_contract {
    ($fresh:ident) => {
        $crate::contract_tests! { $fresh, commits:
            a_case_is_read_back_as_it_was_committed
            what_is_not_there_reads_as_nothing
            a_case_is_opened_once
            a_case_that_is_not_there_cannot_be_changed
            a_change_of_an_outdated_version_is_refused
            a_refused_commit_leaves_nothing
            of_many_writers_on_one_case_exactly_one_wins_each_round
            many_commits_at_once_do_not_disturb_each_other
            replaying_the_history_gives_the_snapshot
            an_event_is_found_by_its_place
        }
        $crate::contract_tests! { $fresh, claims:
            a_claim_is_taken_once
            a_repeat_is_told_that_it_is_one_though_the_case_has_moved_on
            an_expired_claim_counts_as_free
            one_taken_claim_refuses_the_commit_with_all_its_claims
            of_many_cases_that_race_for_a_claim_exactly_one_gets_it
            a_later_commit_of_a_case_takes_claims_too
        }
        $crate::contract_tests! { $fresh, worklists:
            a_desk_sees_its_open_lines_by_due_time
            paging_neither_skips_nor_repeats
            a_cursor_that_the_store_did_not_make_reads_as_the_first_page
            any_limit_gives_a_page
            what_is_done_comes_latest_first
            a_line_leaves_the_list_that_it_no_longer_belongs_to
            a_person_sees_their_own_lines
            safety_flags_stand_on_their_own_desk
        }
        $crate::contract_tests! { $fresh, lookups:
            a_contact_sees_their_cases_latest_first
            a_timeline_is_paged_without_skipping_or_repeating
            a_case_is_found_by_its_reference
            cases_are_found_by_an_identifier_latest_first
            an_identifier_is_compared_as_a_whole
            cases_are_due_when_their_deadline_has_come
            a_case_whose_deadline_is_met_is_due_no_more
        }
        $crate::contract_tests! { $fresh, search:
            a_case_is_found_by_all_words_of_its_messages
            words_are_found_in_either_direction_and_in_different_messages
            letters_are_compared_without_case_and_accents
            any_text_is_a_legal_search
            a_search_gives_no_more_than_it_is_asked_for
        }
    };
}

/// Makes a test of every rule for an [`EventFeed`](lotse_domain::ports::EventFeed) that is also a
/// [`CaseStore`](lotse_domain::ports::CaseStore).
#[macro_export]
macro_rules! event_feed_contract {
    ($fresh:ident) => {
        $crate::contract_tests! { $fresh, events:
            committed_events_are_undelivered_in_their_order
            what_is_marked_delivered_is_not_given_again
            a_refused_commit_has_nothing_to_deliver
        }
    };
}

/// Makes a test of every rule for a [`UserDirectory`](lotse_domain::ports::UserDirectory).
#[macro_export]
macro_rules! user_directory_contract {
    ($fresh:ident) => {
        $crate::contract_tests! { $fresh, users:
            a_user_is_read_back_as_saved
            users_are_listed_by_name
            a_session_lasts_until_it_ends
            whoever_is_disabled_is_signed_out_for_good
        }
    };
}

/// Makes a test of each named rule of one part of the contract.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_tests {
    ($fresh:ident, $part:ident: $($rule:ident)+) => {
        mod $part {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $rule() {
                    let (store, _kept) = super::$fresh().await;
                    $crate::contract::$part::$rule(&store).await;
                }
            )+
        }
    };
}
