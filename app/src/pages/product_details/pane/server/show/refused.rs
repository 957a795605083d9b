//! What has become of a form: kept for its pane, and said there in the language of whoever reads it.

use domain::change::ChangeRefusal;
use serde::{Deserialize, Serialize};
use services::ServiceError;
use services::paying::DeclineCode;

use crate::components::NoticeView;
use crate::pages::checkout::server::declined;
use crate::texts::Texts;

/// What has become of a quote that was confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Came {
    /// It did not stand any more.
    pub(crate) changed: bool,
    /// The card was declined.
    pub(crate) declined: Option<DeclineCode>,
    /// It was refused.
    pub(crate) refused: Option<Refused>,
}

/// Why nothing was done, where no field is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Refused {
    /// There is no card that could pay.
    NoCard,
    /// Something is owed first.
    Unpaid,
    /// It is not sold any more.
    Retired,
    /// Something would come back although the window is closed.
    OnlyAtRenewal,
    /// There is no renewal that it could wait for.
    NotRecurring,
    /// An earlier change waits for its payment.
    Waits,
    /// It is in another state by now.
    State,
}

impl Refused {
    /// Why a use case did nothing; nothing where a field is to blame, or nobody.
    pub(crate) fn of(error: &ServiceError) -> Option<Self> {
        match error {
            ServiceError::NoCard => Some(Self::NoCard),
            ServiceError::PaymentDue => Some(Self::Unpaid),
            ServiceError::NotSold(_) => Some(Self::Retired),
            ServiceError::NotNow(_) => Some(Self::State),
            ServiceError::Change(refusal) => match refusal {
                ChangeRefusal::OnlyAtRenewal => Some(Self::OnlyAtRenewal),
                ChangeRefusal::NotRecurring => Some(Self::NotRecurring),
                ChangeRefusal::PaymentUnderway => Some(Self::Waits),
                ChangeRefusal::NotActive | ChangeRefusal::Trial | ChangeRefusal::OutsidePeriod(_) => {
                    Some(Self::State)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The same in words: the cause, and what to do.
    pub(super) fn notice(self, texts: Texts) -> NoticeView {
        let words = texts.change();
        let (cause, text) = match self {
            Self::NoCard => (words.no_card(), words.no_card_more()),
            Self::Unpaid => (words.refused(), words.unpaid()),
            Self::Retired => (words.refused(), words.retired()),
            Self::OnlyAtRenewal => (words.refused(), words.only_at_renewal()),
            Self::NotRecurring => (words.not_recurring(), words.not_recurring_more()),
            Self::Waits => (words.refused(), words.bank_waits()),
            Self::State => (words.refused(), words.too_late()),
        };
        NoticeView { danger: true, cause: cause.to_owned(), text: text.to_owned() }
    }
}

impl Came {
    /// What the pane says first.
    pub(super) fn notices(&self, texts: Texts) -> Vec<NoticeView> {
        let words = texts.change();
        let notice = |cause: &str, text: String| NoticeView { danger: true, cause: cause.to_owned(), text };
        let mut notices = Vec::new();
        if self.changed {
            notices.push(notice(words.changed(), words.changed_more().to_owned()));
        }
        if let Some(code) = self.declined {
            notices.push(notice(words.declined(), words.declined_more(declined(code, texts))));
        }
        notices.extend(self.refused.map(|refused| refused.notice(texts)));
        notices
    }
}
