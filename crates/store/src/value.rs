//! What goes into a statement and what comes out of one: a closed set of values that both engines know.
//!
//! This is all the typing there is between our code and an engine: whole numbers, text, bytes, ids and
//! truth values. Money and instants are whole numbers, dates are ISO text, states are text, contents are JSON
//! text. Because the set is closed, a query is an ordinary function that names no engine.

use domain::money::{Currency, Money};
use domain::time::{Date, Instant};
use uuid::Uuid;

use crate::StoreError;

/// A value bound to a statement or read from a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing, of a kind: an engine with strict types must know what is missing.
    Null(Kind),
    /// A truth value.
    Bool(bool),
    /// A whole number: an amount in minor units, an instant in microseconds, a count.
    Int(i64),
    /// Text, compared byte by byte on both engines.
    Text(String),
    /// Bytes: digests and token hashes.
    Bytes(Vec<u8>),
    /// An id.
    Id(Uuid),
}

/// The kinds of [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// See [`Value::Bool`].
    Bool,
    /// See [`Value::Int`].
    Int,
    /// See [`Value::Text`].
    Text,
    /// See [`Value::Bytes`].
    Bytes,
    /// See [`Value::Id`].
    Id,
}

/// What can be bound to a statement and read from a column.
pub(crate) trait Column: Sized {
    /// The kind a missing value of this type has.
    const KIND: Kind;

    /// The value that stands for this in the database.
    fn into_value(self) -> Value;

    /// The other way round; `None` if the value is of another kind or out of range.
    fn from_value(value: Value) -> Option<Self>;
}

/// A row, read column by column in the order of the statement.
#[derive(Debug)]
pub(crate) struct Row {
    values: std::vec::IntoIter<Value>,
    position: usize,
}

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self { values: values.into_iter(), position: 0 }
    }

    /// Takes the next column. A value of another kind than asked for means that the database and the
    /// program disagree, which is its own error ([`StoreError::Corrupt`]).
    pub(crate) fn take<T: Column>(&mut self) -> Result<T, StoreError> {
        self.position += 1;
        self.values.next().and_then(T::from_value).ok_or_else(|| StoreError::Corrupt {
            what: format!("column {} is not a {}", self.position, std::any::type_name::<T>()),
        })
    }

    /// Takes the next column and reads it further; `read` refuses what the rules do not know.
    pub(crate) fn parse<T: Column, U>(&mut self, read: impl FnOnce(T) -> Option<U>) -> Result<U, StoreError> {
        let value = self.take()?;
        read(value).ok_or_else(|| StoreError::Corrupt {
            what: format!("column {} cannot be a {}", self.position, std::any::type_name::<U>()),
        })
    }

    /// Takes the next column as JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let text: String = self.take()?;
        serde_json::from_str(&text).map_err(|error| StoreError::Corrupt {
            what: format!("column {} is not a {}: {error}", self.position, std::any::type_name::<T>()),
        })
    }
}

/// What a row is read into.
pub(crate) trait FromRow: Sized {
    /// Takes the columns in the order in which the statement names them.
    fn from_row(row: &mut Row) -> Result<Self, StoreError>;
}

/// Lists the values of a statement in the order of `$1`, `$2`, …
macro_rules! binds {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Column::into_value($value)),*] };
}
pub(crate) use binds;

/// `content` as the JSON text that a column holds.
pub(crate) fn json<T: serde::Serialize>(content: &T) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|error| StoreError::Corrupt { what: error.to_string() })
}

/// Takes a column of JSON text that may be empty.
pub(crate) fn optional_json<T: serde::de::DeserializeOwned>(row: &mut Row) -> Result<Option<T>, StoreError> {
    let text: Option<String> = row.take()?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|error| StoreError::Corrupt {
            what: format!("not a {}: {error}", std::any::type_name::<T>()),
        })
    };
    text.map(read).transpose()
}

/// Takes two columns as an amount: its minor units and the code of its currency.
pub(crate) fn money(row: &mut Row) -> Result<Money, StoreError> {
    let minor = row.take()?;
    let currency = row.parse(|code: String| code.parse::<Currency>().ok())?;
    Ok(Money::new(minor, currency))
}

impl Column for bool {
    const KIND: Kind = Kind::Bool;

    fn into_value(self) -> Value {
        Value::Bool(self)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bool(truth) => Some(truth),
            // SQLite keeps truth as 0 and 1.
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl Column for i64 {
    const KIND: Kind = Kind::Int;

    fn into_value(self) -> Value {
        Value::Int(self)
    }

    fn from_value(value: Value) -> Option<Self> {
        if let Value::Int(number) = value { Some(number) } else { None }
    }
}

impl Column for u32 {
    const KIND: Kind = Kind::Int;

    fn into_value(self) -> Value {
        Value::Int(i64::from(self))
    }

    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| Self::try_from(number).ok())
    }
}

impl Column for String {
    const KIND: Kind = Kind::Text;

    fn into_value(self) -> Value {
        Value::Text(self)
    }

    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text) } else { None }
    }
}

impl Column for &'_ str {
    const KIND: Kind = Kind::Text;

    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }

    fn from_value(_: Value) -> Option<Self> {
        None
    }
}

impl Column for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn into_value(self) -> Value {
        Value::Bytes(self)
    }

    fn from_value(value: Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { Some(bytes) } else { None }
    }
}

impl Column for [u8; 32] {
    const KIND: Kind = Kind::Bytes;

    fn into_value(self) -> Value {
        Value::Bytes(self.to_vec())
    }

    fn from_value(value: Value) -> Option<Self> {
        Vec::from_value(value).and_then(|bytes| bytes.try_into().ok())
    }
}

impl Column for Uuid {
    const KIND: Kind = Kind::Id;

    fn into_value(self) -> Value {
        Value::Id(self)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Id(id) => Some(id),
            // SQLite keeps an id as its 16 bytes.
            Value::Bytes(bytes) => Self::from_slice(&bytes).ok(),
            _ => None,
        }
    }
}

impl Column for Instant {
    const KIND: Kind = Kind::Int;

    fn into_value(self) -> Value {
        Value::Int(self.as_micros())
    }

    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(Self::from_micros)
    }
}

/// ISO 8601, which sorts as days do.
impl Column for Date {
    const KIND: Kind = Kind::Text;

    fn into_value(self) -> Value {
        Value::Text(self.to_string())
    }

    fn from_value(value: Value) -> Option<Self> {
        String::from_value(value).and_then(|text| text.parse().ok())
    }
}

impl<T: Column> Column for Option<T> {
    const KIND: Kind = T::KIND;

    fn into_value(self) -> Value {
        self.map_or(Value::Null(T::KIND), T::into_value)
    }

    fn from_value(value: Value) -> Option<Self> {
        if let Value::Null(_) = value { Some(None) } else { T::from_value(value).map(Some) }
    }
}

macro_rules! id_columns {
    ($($id:ty),* $(,)?) => {$(
        impl Column for $id {
            const KIND: Kind = Kind::Id;

            fn into_value(self) -> Value {
                Value::Id(self.uuid())
            }

            fn from_value(value: Value) -> Option<Self> {
                Uuid::from_value(value).map(Self::from_uuid)
            }
        }
    )*};
}

id_columns!(
    domain::id::AccountId,
    domain::id::AssignmentId,
    domain::id::AuditId,
    domain::id::BillingAccountId,
    domain::id::BillingProfileId,
    domain::id::DocumentId,
    domain::id::FormId,
    domain::id::ImportId,
    domain::id::IssuerId,
    domain::id::LinkId,
    domain::id::NoticeId,
    domain::id::OrderId,
    domain::id::OrganizationId,
    domain::id::PaymentAttemptId,
    domain::id::PaymentMethodId,
    domain::id::PersonId,
    domain::id::PlanId,
    domain::id::PostingId,
    domain::id::PriceId,
    domain::id::ProductId,
    domain::id::CardSetupId,
    domain::id::RefundId,
    domain::id::SeatPurchaseId,
    domain::id::SessionId,
    domain::id::SubscriptionId,
    domain::id::WorkerId,
);
