use leptos::prelude::*;

/// The texts that are agreed to by pressing the button, each by its version, behind what says so.
#[component]
pub fn Legal(
    /// What says that they are agreed to.
    #[prop(into)]
    agree: String,
    /// Names and addresses; nothing is shown where there are none.
    texts: Vec<(String, String)>,
) -> impl IntoView {
    if texts.is_empty() {
        return ().into_any();
    }
    let links = texts
        .into_iter()
        .map(|(name, address)| {
            view! {
                <li>
                    <a class="link" href=address rel="external noopener" target="_blank">
                        {name}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="stack" data-gap="xs">
            <p class="quiet">{agree}</p>
            <ul class="row">{links}</ul>
        </div>
    }
    .into_any()
}
