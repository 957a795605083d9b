//! Typed ids: a UUID inside, a prefix outside, so that an order is never taken for a subscription.
//!
//! The text form is that of `TypeID`: `sub_01jdefe2f4e8xr3h7q2m5n6p9k`, the prefix and 26 lower-case
//! Crockford base-32 characters. It sorts as the UUID does; ids made by `new` sort by the time they were
//! made.

use crate::time::Instant;

/// How many characters follow the prefix and its underscore: 128 bits, five to a character.
const DIGITS: usize = 26;

/// Crockford's base 32: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a text is not the id that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// It does not begin with the prefix of this kind of id: it is no id, or the id of something else.
    #[error("not an id that begins with \"{expected}_\"")]
    WrongPrefix {
        /// The prefix of the kind of id that was wanted.
        expected: &'static str,
    },
    /// Not exactly 26 characters after the prefix.
    #[error("not 26 characters after the prefix")]
    WrongLength,
    /// A character outside the lower-case Crockford alphabet.
    #[error("a character that no id contains")]
    WrongCharacter,
    /// More than 128 bits.
    #[error("larger than any id")]
    TooLarge,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(uuid::Uuid);

            impl $name {
                /// What stands before the underscore.
                pub const PREFIX: &'static str = $prefix;

                /// The id that has this UUID inside: what the store keeps.
                pub const fn from_uuid(uuid: uuid::Uuid) -> Self {
                    Self(uuid)
                }

                /// A new id (UUID version 7) from the time and 10 random bytes, both given by the caller.
                ///
                /// Only whole milliseconds since 1970 go into it; an earlier instant counts as 1970.
                pub fn new(at: Instant, entropy: [u8; 10]) -> Self {
                    Self(version_7(at, entropy))
                }

                /// The UUID inside.
                pub const fn uuid(self) -> uuid::Uuid {
                    self.0
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    write_id(f, Self::PREFIX, self.0)
                }
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    write_id(f, Self::PREFIX, self.0)
                }
            }

            impl std::str::FromStr for $name {
                type Err = IdError;

                fn from_str(text: &str) -> Result<Self, IdError> {
                    read_id(Self::PREFIX, text).map(Self)
                }
            }

            crate::code::serde_as_text!($name);
        )+

        /// Every kind of id with its prefix: for tests and for pages that explain an id.
        pub const KINDS: &[(&str, &str)] = &[$((stringify!($name), $prefix)),+];
    };
}

ids! {
    /// A customer: a hard wall around everything it owns (SPEC 1).
    OrganizationId = "org";
    /// A mail address with its password (SPEC 1).
    AccountId = "acc";
    /// An account's place in one organization (SPEC 1).
    PersonId = "per";
    /// The legal person that sells and invoices (SPEC 4).
    IssuerId = "iss";
    /// A product of the catalog.
    ProductId = "prd";
    /// A plan of a product.
    PlanId = "pln";
    /// One version of a price: a running term keeps the version that it was bought at (SPEC 5).
    PriceId = "prc";
    /// A subscription.
    SubscriptionId = "sub";
    /// An order: one wish to buy, from the choice to the receipt.
    OrderId = "ord";
    /// An invoice or a credit note.
    DocumentId = "doc";
    /// A billing account.
    BillingAccountId = "bac";
    /// A billing profile of an account.
    BillingProfileId = "bpr";
    /// A payment method: a token of the provider's, never a card number.
    PaymentMethodId = "pym";
    /// A place at the provider where a card is typed.
    CardSetupId = "crd";
    /// One attempt to collect money.
    PaymentAttemptId = "att";
    /// One license given to one person.
    AssignmentId = "asg";
    /// One purchase of seats (start, renewal or increase) with its own window (SPEC 5).
    SeatPurchaseId = "sea";
    /// An audit record (SPEC 6).
    AuditId = "aud";
    /// A balanced posting of the ledger (SPEC 4).
    PostingId = "pst";
    /// A session of a signed-in account.
    SessionId = "ses";
    /// A one-time link.
    LinkId = "lnk";
    /// A file being imported.
    ImportId = "imp";
    /// Money on its way back to a card: the key of the refund at the provider.
    RefundId = "rfd";
    /// Something that people are told.
    NoticeId = "ntc";
    /// A process that carries out what falls due.
    WorkerId = "wrk";
    /// A plain form that was refused and is kept with what was typed.
    FormId = "frm";
}

fn version_7(at: Instant, entropy: [u8; 10]) -> uuid::Uuid {
    let millis = u64::try_from(at.as_micros().div_euclid(1_000)).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &entropy).into_uuid()
}

fn write_id(f: &mut std::fmt::Formatter<'_>, prefix: &str, uuid: uuid::Uuid) -> std::fmt::Result {
    let mut value = uuid.as_u128();
    let mut digits = [0_u8; DIGITS];
    for digit in digits.iter_mut().rev() {
        let [low, ..] = value.to_le_bytes();
        *digit = ALPHABET[usize::from(low & 31)];
        value >>= 5;
    }
    f.write_str(prefix)?;
    f.write_str("_")?;
    f.write_str(std::str::from_utf8(&digits).map_err(|_| std::fmt::Error)?)
}

fn read_id(prefix: &'static str, text: &str) -> Result<uuid::Uuid, IdError> {
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(IdError::WrongPrefix { expected: prefix })?;
    if digits.len() != DIGITS {
        return Err(IdError::WrongLength);
    }
    let mut value = 0_u128;
    for (place, digit) in digits.bytes().enumerate() {
        let digit = digit_value(digit).ok_or(IdError::WrongCharacter)?;
        // 26 × 5 = 130 bits: the first character has only three to give.
        if place == 0 && digit > 7 {
            return Err(IdError::TooLarge);
        }
        value = (value << 5) | u128::from(digit);
    }
    Ok(uuid::Uuid::from_u128(value))
}

const fn digit_value(character: u8) -> Option<u8> {
    Some(match character {
        b'0'..=b'9' => character - b'0',
        b'a'..=b'h' => character - b'a' + 10,
        b'j' | b'k' => character - b'j' + 18,
        b'm' | b'n' => character - b'm' + 20,
        b'p'..=b't' => character - b'p' + 22,
        b'v'..=b'z' => character - b'v' + 27,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_is_shown_as_a_type_id() {
        // The example of the `TypeID` specification.
        let uuid = uuid::Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057);
        assert_eq!(SubscriptionId::from_uuid(uuid).to_string(), "sub_01h455vb4pex5vsknk084sn02q");
        assert_eq!("sub_01h455vb4pex5vsknk084sn02q".parse(), Ok(SubscriptionId::from_uuid(uuid)));
        assert_eq!(OrderId::from_uuid(uuid::Uuid::max()).to_string(), "ord_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    #[test]
    fn what_is_not_an_id_is_refused_with_the_reason() {
        let wrong_prefix = Err(IdError::WrongPrefix { expected: "sub" });
        assert_eq!("ord_01h455vb4pex5vsknk084sn02q".parse::<SubscriptionId>(), wrong_prefix);
        assert_eq!("sub01h455vb4pex5vsknk084sn02q".parse::<SubscriptionId>(), wrong_prefix);
        assert_eq!("".parse::<SubscriptionId>(), wrong_prefix);
        assert_eq!("sub_01h455vb4pex5vsknk084sn02".parse::<SubscriptionId>(), Err(IdError::WrongLength));
        assert_eq!("sub_01h455vb4pex5vsknk084sn02qq".parse::<SubscriptionId>(), Err(IdError::WrongLength));
        assert_eq!("sub_81h455vb4pex5vsknk084sn02q".parse::<SubscriptionId>(), Err(IdError::TooLarge));
        for wrong in [
            "sub_01H455vb4pex5vsknk084sn02q",
            "sub_01l455vb4pex5vsknk084sn02q",
            "sub_0 h455vb4pex5vsknk084sn02q",
        ] {
            assert_eq!(wrong.parse::<SubscriptionId>(), Err(IdError::WrongCharacter), "{wrong}");
        }
    }

    #[test]
    fn no_two_kinds_share_a_prefix() {
        let mut prefixes: Vec<_> = KINDS.iter().map(|(_, prefix)| *prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), KINDS.len());
        assert!(prefixes.iter().all(|prefix| prefix.len() == 3));
    }

    #[test]
    fn an_id_carries_its_millisecond_and_version() {
        let id = PersonId::new(Instant::from_micros(1_700_000_000_123_456), [0xff; 10]);
        assert_eq!(id.uuid().get_version_num(), 7);
        assert_eq!(id.uuid().as_u128() >> 80, 1_700_000_000_123);
        assert_eq!(PersonId::new(Instant::from_micros(-1), [0; 10]).uuid().as_u128() >> 80, 0);
    }

    proptest! {
        #[test]
        fn text_and_id_are_the_same_thing(bits: u128) {
            let id = DocumentId::from_uuid(uuid::Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<DocumentId>(&json).unwrap(), id);
        }

        #[test]
        fn texts_sort_as_ids_do(a: u128, b: u128) {
            let [a, b] = [a, b].map(|bits| OrderId::from_uuid(uuid::Uuid::from_u128(bits)));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn later_ids_sort_later(
            at in 0_i64..4_000_000_000_000_000,
            wait in 1_000_i64..1_000_000_000,
            a: [u8; 10],
            b: [u8; 10],
        ) {
            let (first, second) = (Instant::from_micros(at), Instant::from_micros(at + wait));
            prop_assert!(AuditId::new(first, a) < AuditId::new(second, b));
        }
    }
}
