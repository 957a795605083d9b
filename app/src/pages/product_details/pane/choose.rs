//! `?pane=buy` and `?pane=reactivate`: a new term of what is tried or has ended. A form like the choice before a
//! purchase; its button leads to the checkout.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::BeginTerm;
use super::parts::subject;
use super::server::ChooseView;
use crate::components::live_form::{on_change, on_type};
use crate::components::{Choices, Quote, SeatsBox, pane_close, pane_head};
use crate::texts::use_texts;

/// The controls that stand in the address.
const NAMES: &[&str] = &["pane", "offer", "seats"];

/// The pane.
pub(super) fn pane(view: ChooseView, address: &str) -> AnyView {
    let texts = use_texts();
    let words = texts.trial();
    let (changed, typed) = (on_change(address.to_owned(), NAMES), on_type(address.to_owned(), NAMES));
    let ready = view.quote.is_some();
    let quote = match view.quote {
        Some(quote) => view! { <Quote quote /> }.into_any(),
        None => view! { <p class="quiet">{texts.product().no_quote()}</p> }.into_any(),
    };
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="get" action=address.to_owned() on:change=changed on:input=typed>
                {pane_head(view.subject.title.clone(), None, address)}
                <div class="pane-body">
                    <input type="hidden" name="pane" value=view.pane />
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    <input type="hidden" name="product" value=view.product />
                    {subject(&view.subject)}
                    <p class="prose">{view.lead}</p>
                    <Choices legend=words.offer() name="offer" choices=view.offers />
                    <SeatsBox
                        seats=view.seats
                        label=texts.seats().total()
                        path=address.to_owned()
                        names=NAMES
                    />
                    <div class="row">
                        <button class="button" data-size="s">
                            {texts.change().update()}
                        </button>
                    </div>
                    <div role="status">{quote}</div>
                </div>
                <footer class="pane-foot">
                    <p class="pane-note">{words.next_step()}</p>
                    {pane_close(address)}
                    <button
                        class="button"
                        data-look="primary"
                        name="key"
                        value=view.key
                        formmethod="post"
                        formaction=BeginTerm::PATH
                        disabled=!ready
                    >
                        {words.go_on()}
                    </button>
                </footer>
            </form>
        </section>
    }
    .into_any()
}
