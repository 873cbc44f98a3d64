//! Shipment numbers of carriers. Each carrier's own rule; sources in the comments.

use super::check_digits::{digits, fits_modulo_10, weighted};

/// A form of shipment number.
#[derive(Clone, Copy, Debug)]
pub(super) struct CarrierForm {
    /// The carrier, as it is shown.
    pub(super) carrier: &'static str,
    /// Whether a number has this form, its check digit left aside.
    has_form: fn(&str) -> bool,
    /// Whether its check digit fits; `None` where the carrier's rule is not public.
    fits: Option<fn(&str) -> bool>,
    /// True where a number of this form is hardly anything else, even without words around it.
    pub(super) is_distinctive: bool,
}

/// How a number stands to a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Form and check digit fit.
    Valid,
    /// The form fits, and there is no check to make.
    Unchecked,
    /// The form fits, the check digit does not.
    WrongCheckDigit,
}

impl CarrierForm {
    /// How a number, without blanks and in capitals, stands to this form; `None` where it has another.
    pub(super) fn fit(&self, text: &str) -> Option<Fit> {
        (self.has_form)(text).then(|| match self.fits {
            Some(fits) if fits(text) => Fit::Valid,
            Some(_) => Fit::WrongCheckDigit,
            None => Fit::Unchecked,
        })
    }
}

/// All forms, the most telling first.
pub(super) const FORMS: &[CarrierForm] = &[
    CarrierForm { carrier: "UPS", has_form: is_ups_form, fits: Some(fits_ups), is_distinctive: true },
    CarrierForm { carrier: "DHL", has_form: is_sscc_form, fits: Some(fits_three_one), is_distinctive: true },
    CarrierForm { carrier: "DHL", has_form: is_dhl_piece_form, fits: None, is_distinctive: true },
    CarrierForm { carrier: "DPD", has_form: is_dpd_form, fits: Some(fits_dpd), is_distinctive: true },
    CarrierForm { carrier: "Post", has_form: is_s10_form, fits: Some(fits_s10), is_distinctive: true },
    CarrierForm {
        carrier: "DHL",
        has_form: |text| has_digits(text, 12),
        fits: Some(fits_dhl_12),
        is_distinctive: false,
    },
    CarrierForm {
        carrier: "FedEx",
        has_form: |text| has_digits(text, 12),
        fits: Some(fits_fedex_12),
        is_distinctive: false,
    },
    CarrierForm {
        carrier: "DHL Express",
        has_form: |text| has_digits(text, 10) || has_digits(text, 11),
        fits: Some(fits_dhl_express),
        is_distinctive: false,
    },
    CarrierForm {
        carrier: "Hermes",
        has_form: |text| has_digits(text, 14),
        fits: Some(fits_three_one),
        is_distinctive: false,
    },
    CarrierForm { carrier: "DPD", has_form: |text| has_digits(text, 14), fits: None, is_distinctive: false },
    CarrierForm { carrier: "GLS", has_form: is_gls_form, fits: None, is_distinctive: false },
];

fn has_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_alphanumeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// UPS: `1Z`, 15 letters or digits, a check digit.
fn is_ups_form(text: &str) -> bool {
    text.len() == 18
        && text.starts_with("1Z")
        && is_alphanumeric(text)
        && text.bytes().last().is_some_and(|byte| byte.is_ascii_digit())
}

/// Letters count (ASCII − 3) mod 10; every second one double, without a sum of digits; modulo 10.
fn fits_ups(text: &str) -> bool {
    let value =
        |byte: u8| if byte.is_ascii_digit() { u32::from(byte - b'0') } else { (u32::from(byte) - 3) % 10 };
    let Some((check, body)) = text.as_bytes().get(2..).and_then(|rest| rest.split_last()) else {
        return false;
    };
    let sum: u32 =
        body.iter().enumerate().map(|(place, &byte)| value(byte) * if place % 2 == 1 { 2 } else { 1 }).sum();
    (10 - sum % 10) % 10 == u32::from(check.wrapping_sub(b'0'))
}

/// DHL Paket, 20 digits (an NVE/SSCC of GS1 with its `00` before it).
fn is_sscc_form(text: &str) -> bool {
    has_digits(text, 20) && text.starts_with("00")
}

/// ×3, ×1 from the left, modulo 10: NVE/SSCC of GS1, Hermes.
fn fits_three_one(text: &str) -> bool {
    digits(text).is_some_and(|digits| {
        // The weight before the check digit is 3, so an even number of digits begins with 3.
        let weights = if digits.len().is_multiple_of(2) { [3, 1] } else { [1, 3] };
        fits_modulo_10(&digits, &weights)
    })
}

/// DHL's licence plates for pieces: `JJD` or `JVGL` and digits; the rule is not public.
fn is_dhl_piece_form(text: &str) -> bool {
    let rest = text.strip_prefix("JJD").or_else(|| text.strip_prefix("JVGL"));
    rest.is_some_and(|rest| (16..=20).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// DHL Paket, 12 digits: ×4, ×9, modulo 10.
fn fits_dhl_12(text: &str) -> bool {
    digits(text).is_some_and(|digits| fits_modulo_10(&digits, &[4, 9]))
}

/// `FedEx`, 12 digits: ×3, ×1, ×7 repeated, modulo 11, modulo 10.
fn fits_fedex_12(text: &str) -> bool {
    let digits = digits(text).unwrap_or_default();
    digits.split_last().is_some_and(|(check, body)| weighted(body, &[3, 1, 7]) % 11 % 10 == *check)
}

/// DHL Express, 10 digits, of late also 11: the serial modulo 7.
fn fits_dhl_express(text: &str) -> bool {
    let Some((serial, check)) = text.split_at_checked(text.len().saturating_sub(1)) else { return false };
    matches!((serial.parse::<u64>(), check.parse::<u64>()), (Ok(serial), Ok(check)) if serial % 7 == check)
}

/// DPD: 14 digits and a check character; on labels with the postcode before and service and country
/// after them, 27 digits and a check character.
fn is_dpd_form(text: &str) -> bool {
    let digits = text.len().saturating_sub(1);
    matches!(digits, 14 | 27)
        && text.get(..digits).is_some_and(|body| has_digits(body, digits))
        && is_alphanumeric(text)
}

/// ISO/IEC 7064, modulo 37, 36, over digits and letters.
fn fits_dpd(text: &str) -> bool {
    let Some((check, body)) = text.as_bytes().split_last() else { return false };
    let value = |byte: u8| char::from(byte).to_digit(36);
    let product = body.iter().try_fold(36, |product, &byte| {
        let sum = (product + value(byte)?) % 36;
        Some(if sum == 0 { 36 } else { sum } * 2 % 37)
    });
    product.is_some_and(|product| value(*check) == Some((37 - product) % 36))
}

/// UPU S10: two letters, 9 digits, two letters of the country.
fn is_s10_form(text: &str) -> bool {
    let is_letters =
        |part: Option<&str>| part.is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_uppercase()));
    text.len() == 13
        && is_letters(text.get(..2))
        && is_letters(text.get(11..))
        && text.get(2..11).is_some_and(|serial| has_digits(serial, 9))
}

/// Weights 8, 6, 4, 2, 3, 5, 9, 7, modulo 11; the remainder 0 gives 5, the remainder 1 gives 0.
fn fits_s10(text: &str) -> bool {
    let digits = text.get(2..11).and_then(digits).unwrap_or_default();
    digits.split_last().is_some_and(|(check, body)| {
        let expected = match weighted(body, &[8, 6, 4, 2, 3, 5, 9, 7]) % 11 {
            0 => 5,
            1 => 0,
            remainder => 11 - remainder,
        };
        expected == *check
    })
}

/// GLS: an 8-character track id with letters and digits, or a parcel number of 11 digits.
fn is_gls_form(text: &str) -> bool {
    let is_track_id = text.len() == 8
        && is_alphanumeric(text)
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
        && text.bytes().any(|byte| byte.is_ascii_digit());
    is_track_id || has_digits(text, 11)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid_for(text: &str) -> Vec<&'static str> {
        FORMS.iter().filter(|form| form.fit(text) == Some(Fit::Valid)).map(|form| form.carrier).collect()
    }

    #[test]
    fn worked_values_fit() {
        for (number, carrier) in [
            ("1Z5R89390357567127", "UPS"),
            ("986578788855", "FedEx"),
            ("3318810025", "DHL Express"),
            ("00340433836442636597", "DHL"),
            ("09133131530724", "Hermes"),
            ("201298452277", "DHL"),
            ("09980000020033F", "DPD"),
            ("01015026003653C", "DPD"),
            ("RB123456785GB", "Post"),
            ("002410301015099004711101276Y", "DPD"),
            ("73018466253", "DHL Express"),
        ] {
            assert!(valid_for(number).contains(&carrier), "{number}: {:?}", valid_for(number));
        }
        assert!(
            FORMS.iter().any(|form| form.carrier == "GLS" && form.fit("XHAX4HDA") == Some(Fit::Unchecked))
        );
    }

    #[test]
    fn wrong_check_digits_are_noticed() {
        for number in
            ["1Z5R89390357567128", "00340433836442636598", "01015026003653D", "RB123456786GB", "3318810026"]
        {
            assert!(valid_for(number).is_empty(), "{number}");
        }
    }
}
