use leptos::prelude::*;

/// What stands where a list would, and what can be done about it (design guide 8).
#[component]
pub fn Empty(
    /// What is missing.
    #[prop(into)]
    title: String,
    /// Why, or what would be here.
    #[prop(optional, into)]
    text: Option<String>,
    /// Whether there is something, only not here: a filter, the end of a list. Then nothing is drawn.
    #[prop(optional)]
    small: bool,
    /// The ways on.
    children: Children,
) -> impl IntoView {
    let drawing = (!small).then(|| {
        view! {
            <svg class="drawing" width="202" height="50" aria-hidden="true">
                <use href="/empty-seats.svg#drawing"></use>
            </svg>
        }
    });
    view! {
        <section class="empty" data-size=small.then_some("s")>
            {drawing}
            <h2>{title}</h2>
            {text.map(|text| view! { <p>{text}</p> })}
            <div class="row">{children()}</div>
        </section>
    }
    .into_any()
}
