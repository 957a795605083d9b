//! `?pane=recipients`: who gets the invoices of a profile by mail.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::RecipientsView;
use super::act::SetRecipients;
use crate::components::{Icon, notices, pane_close, pane_head};
use crate::texts::{escape, use_texts};

/// The pane.
pub(super) fn pane(view: RecipientsView, address: &str) -> AnyView {
    let words = use_texts().billing_profile();
    let RecipientsView { mut sent, typed, errors } = view;
    let inputs = sent.inputs();
    let warnings = notices(std::mem::take(&mut sent.notes));
    let invalid = !errors.is_empty();
    let described = if invalid { "recipients-hint recipients-error" } else { "recipients-hint" };
    let errors = errors
        .into_iter()
        .map(|error| {
            view! {
                <p class="error">
                    <Icon name="error" />
                    <span>{error}</span>
                </p>
            }
        })
        .collect_view();
    let errors = invalid.then(|| view! { <div id="recipients-error">{errors}</div> });
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=SetRecipients::PATH>
                {pane_head(words.recipients_title().to_owned(), Some(sent.subject.clone()), address)} <div class="pane-body">
                    {inputs} {warnings} <div class="field">
                        <label class="label" for="recipients">
                            {words.recipients_label()}
                        </label>
                        <textarea
                            class="input"
                            id="recipients"
                            name="recipients"
                            rows="8"
                            autocomplete="off"
                            spellcheck="false"
                            aria-invalid=invalid.then_some("true")
                            aria-describedby=described
                            inner_html=escape(&typed)
                        ></textarea>
                        <p class="hint" id="recipients-hint">
                            {words.recipients_hint()}
                        </p>
                        {errors}
                    </div>
                </div> <footer class="pane-foot">
                    <p class="pane-note">{words.recipients_note()}</p>
                    {pane_close(address)}
                    <button class="button" data-look="primary">
                        {words.save()}
                    </button>
                </footer>
            </form>
        </section>
    }
    .into_any()
}
