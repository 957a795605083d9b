use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::quote::QuoteView;
use crate::components::{ChangeQuoteView, ChoiceView, NoticeView, SeatsBoxView, StatusView, TimelineEntry};
use crate::error::AppError;
use crate::pages::license_product::server::PersonShown;

/// The open pane, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaneView {
    /// More or fewer seats.
    Seats(Box<SeatsView>),
    /// Another plan, term or frequency.
    Plan(Box<PlanView>),
    /// Ending it.
    Cancel(Box<CancelView>),
    /// Whether it renews.
    Recurring(Box<RecurringView>),
    /// What waits for the renewal.
    Scheduled(Box<ScheduledView>),
    /// A trial is extended.
    Extend(ExtendView),
    /// A trial is bought, or what has ended comes back.
    Choose(Box<ChooseView>),
    /// What is owed is paid.
    Pay(Box<PayView>),
    /// Not in the state that it is in.
    Impossible(ImpossibleView),
}

/// What a pane is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectView {
    /// The subscription's id.
    pub id: String,
    /// What the pane is called.
    pub title: String,
    /// Product and plan.
    pub name: String,
    /// The product's glyph.
    pub icon: String,
    /// The product's color.
    pub hue: String,
    /// Term, and when it changes next.
    pub line: String,
    /// Its state.
    pub status: StatusView,
}

/// What every change with a quote shows below what is wanted, up to its button.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmView {
    /// What has happened to an earlier quote, and what this one replaces.
    pub notices: Vec<NoticeView>,
    /// When it takes effect: nothing to choose where there is only one way.
    pub when: Vec<ChoiceView>,
    /// What it costs or gives back.
    pub quote: Option<ChangeQuoteView>,
    /// What stands there while there is none.
    pub no_quote: String,
    /// What pays, where something is due: its name, and until when it is good.
    pub card: Option<(String, String)>,
    /// How it can be undone.
    pub way_back: String,
    /// What the button says.
    pub button: String,
    /// By which it is confirmed; nothing while it cannot be.
    pub confirmation: Option<String>,
    /// What pressing it brings.
    pub note: String,
}

/// More or fewer seats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsView {
    /// What it is about.
    pub subject: SubjectView,
    /// Whether one has come to remove: what the title says before a number is typed.
    pub remove: bool,
    /// The total.
    pub total: SeatsBoxView,
    /// How many more or fewer that is.
    pub delta: Option<String>,
    /// How many there are now.
    pub held: String,
    /// How many are assigned, for the bar.
    pub assigned: u32,
    /// How many there would be.
    pub seats: u32,
    /// The same in words.
    pub used: String,
    /// What can be done instead of what is refused.
    pub ways: Vec<WayView>,
    /// The rest.
    pub confirm: ConfirmView,
}

/// A way out of a refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayView {
    /// What can be done.
    pub name: String,
    /// What that means.
    pub text: String,
    /// What the link says.
    pub button: String,
    /// Where it leads.
    pub address: String,
}

/// Another plan, term or frequency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// What it is about.
    pub subject: SubjectView,
    /// Plans with term and frequency.
    pub offers: Vec<ChoiceView>,
    /// Why the chosen one cannot be had.
    pub error: Option<String>,
    /// The rest.
    pub confirm: ConfirmView,
}

/// Ending a subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelView {
    /// What it is about.
    pub subject: SubjectView,
    /// What has happened to an earlier quote.
    pub notices: Vec<NoticeView>,
    /// Now or with the term; only the latter once the window is closed.
    pub how: Vec<ChoiceView>,
    /// What happens if it ends today; nothing where it cannot.
    pub if_now: Vec<TimelineEntry>,
    /// What happens if it ends with the term.
    pub if_at_end: Vec<TimelineEntry>,
    /// What ending today gives back.
    pub refund: Option<ChangeQuoteView>,
    /// Until when there is a refund.
    pub window: String,
    /// What is still to be paid.
    pub remaining: Option<String>,
    /// The reasons.
    pub reasons: Vec<ChoiceView>,
    /// Why the reason is refused.
    pub reason_error: Option<String>,
    /// Another reason, as it was typed.
    pub other: String,
    /// Why it is refused.
    pub other_error: Option<String>,
    /// What was typed besides.
    pub feedback: String,
    /// Why it is refused.
    pub feedback_error: Option<String>,
    /// By which it is confirmed.
    pub confirmation: String,
}

/// Whether it renews.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecurringView {
    /// What it is about.
    pub subject: SubjectView,
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
    /// Whether it does now.
    pub on: bool,
    /// How it is now.
    pub now: String,
    /// On which day, and how much.
    pub now_more: String,
    /// What is lost with it.
    pub drops: Option<NoticeView>,
    /// What happens if it is changed.
    pub then: Vec<TimelineEntry>,
    /// How it can be undone.
    pub way_back: String,
}

/// What waits for the renewal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledView {
    /// What it is about.
    pub subject: SubjectView,
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
    /// Name and fact; nothing where nothing waits.
    pub facts: Vec<(String, String)>,
    /// Who loses their license, where there will be more people than seats.
    pub losing: Option<LosingView>,
}

/// Who loses their license at the renewal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LosingView {
    /// How many, and who if nobody is ticked.
    pub lead: String,
    /// Why what was ticked is refused.
    pub error: Option<String>,
    /// Those who hold a license, the newest first, and whether each is ticked.
    pub people: Vec<(PersonShown, bool)>,
}

/// A trial is extended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendView {
    /// What it is about.
    pub subject: SubjectView,
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
    /// Until when it runs, and would run: name and fact.
    pub facts: Vec<(String, String)>,
    /// What the button says.
    pub button: String,
}

/// A trial is bought, or what has ended comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseView {
    /// What it is about.
    pub subject: SubjectView,
    /// The name of the pane in its address.
    pub pane: String,
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
    /// The product's key.
    pub product: String,
    /// What becomes of it.
    pub lead: String,
    /// Plans with term and frequency.
    pub offers: Vec<ChoiceView>,
    /// How many seats.
    pub seats: SeatsBoxView,
    /// What it costs.
    pub quote: Option<QuoteView>,
}

/// What is owed is paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayView {
    /// What it is about.
    pub subject: SubjectView,
    /// What has become of an earlier payment, and what becomes of the subscription.
    pub notices: Vec<NoticeView>,
    /// The invoice's id.
    pub document: String,
    /// The invoice: name and fact.
    pub facts: Vec<(String, String)>,
    /// The cards that can pay it.
    pub cards: Vec<ChoiceView>,
    /// Where a new card is added; empty while a payment is under way.
    pub new_card: String,
    /// A payment that is under way.
    pub bank: Option<BankView>,
    /// What the button says; no button where nothing can pay.
    pub button: Option<String>,
    /// What pressing it brings.
    pub note: String,
}

/// A payment that is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankView {
    /// Where the bank asks; empty while it does not.
    pub address: String,
    /// The name of that host.
    pub host: String,
}

/// What cannot be done in the state that it is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpossibleView {
    /// What it is about.
    pub subject: SubjectView,
    /// Why not.
    pub cause: String,
    /// What that means.
    pub text: String,
    /// A way on: what it is called, and where it leads.
    pub way: Option<(String, String)>,
}

/// What a pane shows of a subscription that the asker manages. `typed` is what stands in the address besides: the
/// seats, the offer, when, the direction, and the key of a refused form.
#[server(endpoint = "subscription-pane", input = leptos::server_fn::codec::GetUrl)]
pub async fn subscription_pane(
    subscription: String,
    pane: String,
    #[server(default)] seats: Option<String>,
    #[server(default)] offer: Option<String>,
    #[server(default)] when: Option<String>,
    #[server(default)] way: Option<String>,
    #[server(default)] form: Option<String>,
) -> Result<PaneView, AppError> {
    let subscription = subscription.parse().map_err(|_| AppError::NotFound)?;
    let typed = show::Typed { seats, offer, when, way, form };
    show::pane(subscription, &pane, &typed).await
}

#[cfg(feature = "ssr")]
pub(in crate::pages::product_details) mod show;
