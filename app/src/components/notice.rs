use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::Failed;
use crate::error::AppError;

/// Why a form did nothing, where its page is shown again: `?notice=KEY` names what the server has kept.
#[component]
pub fn Notice() -> impl IntoView {
    let query = use_query_map();
    let notice = Resource::new(
        move || query.read().get("notice"),
        |key| async move {
            match key {
                Some(key) => notice(key).await,
                None => Ok(None),
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let error = notice.await.ok().flatten();
                error.map(|error| view! { <Failed error /> })
            })}
        </Suspense>
    }
    .into_any()
}

/// What was kept under a key, for the session that it was kept for.
#[server(endpoint = "notice", input = leptos::server_fn::codec::GetUrl)]
pub async fn notice(key: String) -> Result<Option<AppError>, AppError> {
    crate::request::refused(Some(&key)).await
}
