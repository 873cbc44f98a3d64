//! How long to wait before something is tried again.

use jiff::SignedDuration;
use lotse_domain::ports::RandomSource;

/// Doubles from `first` with each attempt up to `longest`; then a random part between half of it and all of
/// it, so that what failed together is not tried again together.
pub(crate) fn delay(
    attempt: u32,
    first: SignedDuration,
    longest: SignedDuration,
    random: &impl RandomSource,
) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).min(30);
    let whole = first.checked_mul(1 << doublings).map_or(longest, |delay| delay.min(longest));
    let milliseconds = u128::try_from(whole.as_millis()).unwrap_or_default();
    let random_part = random.number() % (milliseconds / 2 + 1);
    let milliseconds = i64::try_from(milliseconds / 2 + random_part).unwrap_or(i64::MAX);
    SignedDuration::from_millis(milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u128);

    impl RandomSource for Fixed {
        fn number(&self) -> u128 {
            self.0
        }
    }

    #[test]
    fn each_attempt_waits_twice_as_long_as_the_one_before_up_to_a_limit() {
        let (first, longest) = (SignedDuration::from_secs(1), SignedDuration::from_secs(60));
        let at_least = |attempt| delay(attempt, first, longest, &Fixed(0)).as_millis();
        assert_eq!([1, 2, 3, 7, 1000].map(at_least), [500, 1000, 2000, 30_000, 30_000]);
        let at_most = |attempt: u32, random| delay(attempt, first, longest, &Fixed(random)).as_millis();
        assert_eq!(at_most(1, 500), 1000);
        assert!((0..5000).all(|random| at_most(9, random) <= 60_000));
    }
}
