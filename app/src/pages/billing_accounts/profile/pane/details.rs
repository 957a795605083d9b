//! `?pane=details`: what a profile is called, its PO number, and where its bills go.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::DescribeProfile;
use super::{DetailsView, FieldView};
use crate::components::{field_error, notices, pane_close, pane_head};
use crate::texts::use_texts;

/// The pane.
pub(super) fn pane(view: DetailsView, address: &str) -> AnyView {
    let words = use_texts().billing_profile();
    let DetailsView { mut sent, fields } = view;
    let inputs = sent.inputs();
    let warnings = notices(std::mem::take(&mut sent.notes));
    let mut fields = fields.into_iter();
    let mut line = |names: [&'static str; 2], label: &'static str, hint: &'static str| {
        field(names, label, hint, fields.next().unwrap_or_default())
    };
    let name = line(["name", "name"], words.name(), words.name_hint());
    let number =
        line(["purchase_order", "purchase_order"], words.purchase_order(), words.purchase_order_hint());
    let parts = [
        line(["postal_code", "address[postal_code]"], words.postal_code(), ""),
        line(["region", "address[region]"], words.region(), ""),
        line(["city", "address[city]"], words.city(), ""),
        line(["street", "address[street]"], words.street(), ""),
        line(["building", "address[building]"], words.building(), ""),
    ];
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=DescribeProfile::PATH>
                {pane_head(words.details_title().to_owned(), Some(sent.subject.clone()), address)} <div class="pane-body">
                    {inputs} {warnings} {name} {number}
                    <fieldset class="stack" data-gap="s">
                        <legend class="label">{words.address()}</legend>
                        <p class="hint">{words.bill_to_hint()}</p>
                        {parts.into_iter().collect_view()}
                    </fieldset>
                </div> <footer class="pane-foot">
                    <p class="pane-note">{words.details_note()}</p>
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

/// A line to type into. `id` says what it is, `name` what the form calls it.
fn field(
    [id, name]: [&'static str; 2],
    label: &'static str,
    hint: &'static str,
    field: FieldView,
) -> AnyView {
    let words = use_texts().billing_profile();
    let invalid = field.error.is_some();
    let (hint_id, error_id) = ([id, "-hint"].concat(), [id, "-error"].concat());
    let described = [(!hint.is_empty()).then(|| hint_id.clone()), invalid.then(|| error_id.clone())];
    let described: Vec<String> = described.into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let hint = (!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> });
    view! {
        <div class="field">
            <label class="label" for=id>
                {label} " " <span class="need">{words.optional()}</span>
            </label>
            <input
                class="input"
                id=id
                name=name
                value=field.value
                autocomplete="off"
                aria-invalid=invalid.then_some("true")
                aria-describedby=described
            />
            {hint}
            {field_error(error_id, field.error)}
        </div>
    }
    .into_any()
}
