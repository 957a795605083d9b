//! `?pane=cancel`: what happens and when, what comes back, why, and the button.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::CancelSubscription;
use super::parts::subject;
use super::server::CancelView;
use crate::components::{
    Banner, BannerKind, ChangeQuote, ChoiceView, Choices, Timeline, TimelineEntry, field_error, notices,
    pane_close, pane_head,
};
use crate::texts::{escape, use_texts};

/// The pane.
pub(super) fn pane(view: CancelView, address: &str) -> AnyView {
    let words = use_texts().cancel();
    let how = match view.how.as_slice() {
        [only] => view! { <input type="hidden" name="how" value=only.value.clone() /> }.into_any(),
        _ => view! { <Choices legend=words.how() name="how" choices=view.how beside=true /> }.into_any(),
    };
    let refund = view.refund.map(|quote| {
        view! {
            <div data-if="now">
                <ChangeQuote quote />
            </div>
        }
    });
    let remaining =
        view.remaining.map(|text| view! { <Banner kind=BannerKind::Info cause=words.remaining() text /> });
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form class="cancel" method="post" action=CancelSubscription::PATH>
                {pane_head(view.subject.title.clone(), None, address)}
                <div class="pane-body">
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    <input type="hidden" name="confirmation" value=view.confirmation />
                    {notices(view.notices)}
                    {subject(&view.subject)}
                    {how}
                    <section>
                        <h3 class="label">{words.then()}</h3>
                        {then("now", view.if_now)}
                        {then("at-end", view.if_at_end)}
                    </section>
                    {refund}
                    <p class="hint">{view.window}</p>
                    {remaining}
                    {reasons(view.reasons, view.reason_error)}
                    {line(view.other, view.other_error)}
                    {feedback(view.feedback, view.feedback_error)}
                </div>
                <footer class="pane-foot">
                    <p class="pane-note">{words.note()}</p>
                    {pane_close(address)}
                    <button class="button" data-look="danger">
                        {words.button()}
                    </button>
                </footer>
            </form>
        </section>
    }
    .into_any()
}

/// What happens in one of the two ways; the style sheet shows that of the way that is chosen.
fn then(way: &'static str, entries: Vec<TimelineEntry>) -> Option<AnyView> {
    (!entries.is_empty()).then(|| {
        view! {
            <div data-if=way>
                <Timeline entries />
            </div>
        }
        .into_any()
    })
}

fn reasons(reasons: Vec<ChoiceView>, error: Option<String>) -> AnyView {
    let words = use_texts().cancel();
    let invalid = error.is_some();
    let option = |choice: ChoiceView| {
        view! {
            <label class="option">
                <input class="radio" type="radio" name="reason" value=choice.value checked=choice.chosen />
                {choice.name}
            </label>
        }
    };
    view! {
        <fieldset aria-describedby=invalid.then_some("reason-error")>
            <legend class="label">
                {words.reason()} " " <span class="need" data-kind="must">
                    {words.must()}
                </span>
            </legend>
            <div class="choices" data-columns="2">
                {reasons.into_iter().map(option).collect_view()}
            </div>
            {field_error("reason-error", error)}
        </fieldset>
    }
    .into_any()
}

/// Another reason than those; the style sheet shows it where it is asked for.
fn line(other: String, error: Option<String>) -> AnyView {
    let words = use_texts().cancel();
    let invalid = error.is_some();
    view! {
        <div class="field" data-if="other">
            <label class="label" for="other">
                {words.other()}
            </label>
            <input
                class="input"
                id="other"
                name="other"
                value=other
                autocomplete="off"
                aria-invalid=invalid.then_some("true")
                aria-describedby=invalid.then_some("other-error")
            />
            {field_error("other-error", error)}
        </div>
    }
    .into_any()
}

fn feedback(feedback: String, error: Option<String>) -> AnyView {
    let words = use_texts().cancel();
    let invalid = error.is_some();
    view! {
        <div class="field">
            <label class="label" for="feedback">
                {words.feedback()} " " <span class="need">{words.optional()}</span>
            </label>
            <textarea
                class="input"
                id="feedback"
                name="feedback"
                rows="3"
                aria-invalid=invalid.then_some("true")
                aria-describedby=invalid.then_some("feedback-error")
                inner_html=escape(&feedback)
            ></textarea>
            {field_error("feedback-error", error)}
        </div>
    }
    .into_any()
}
