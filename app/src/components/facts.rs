use leptos::prelude::*;

/// What one should know, each under its name.
#[component]
pub fn Facts(
    /// Names and facts.
    facts: Vec<(String, String)>,
    /// Whether hairlines part them, as they do outside cards.
    #[prop(optional)]
    lines: bool,
) -> impl IntoView {
    let rows = facts
        .into_iter()
        .map(|(name, fact)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{fact}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <dl class="facts" data-lines=lines>
            {rows}
        </dl>
    }
    .into_any()
}
