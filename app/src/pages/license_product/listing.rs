//! `?pane=list` and `?pane=unlist`: thousands of people at once. A list is pasted and checked; then it is carried out for
//! everybody for whom it can be.

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::address::Address;
use super::parts::{close, pane_head};
use super::server::LicenseProductView;
use crate::components::{Banner, BannerKind, Icon, field_error};
use crate::texts::{escape, group, use_texts};
pub use server::{CarryListOut, CheckList, CheckedView, ListRow, ListView, license_list};

/// The pane.
pub(super) fn pane(view: ListView, page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().listing();
    let takes = view.wish == "unassign";
    let title = if takes { words.unassign_title() } else { words.title() };
    let ListView { wish, text, error, checked } = view;
    let lines = text.lines().count().clamp(8, 16);
    let error_id = error.is_some().then_some("list-error");
    let form = view! {
        <form id="check-list" class="stack" data-gap="s" method="post" action=CheckList::PATH>
            <input type="hidden" name="product" value=page.key.clone() />
            <input type="hidden" name="wish" value=wish.clone() />
            <div class="field">
                <label class="label" for="list">
                    {words.list()}
                </label>
                <textarea
                    class="input"
                    id="list"
                    name="list"
                    rows=lines
                    required=true
                    spellcheck="false"
                    aria-describedby=error_id.unwrap_or("list-hint")
                    aria-invalid=error.is_some().then_some("true")
                    inner_html=escape(&text)
                ></textarea>
                <p class="hint" id="list-hint">
                    {words.hint()}
                </p>
                {field_error("list-error", error)}
            </div>
            {file()}
            <div class="row">
                <button class="button" data-look=checked.is_none().then_some("primary")>
                    {words.check()}
                </button>
            </div>
        </form>
    };
    let carry = checked.as_ref().filter(|checked| !checked.done && checked.fits > 0).map(|checked| {
        let (name, look) = if takes {
            (words.button_unassign(checked.fits), "danger")
        } else {
            (words.button_assign(checked.fits), "primary")
        };
        view! {
            <form method="post" action=CarryListOut::PATH>
                <input type="hidden" name="product" value=page.key.clone() />
                <input type="hidden" name="wish" value=wish.clone() />
                <input type="hidden" name="checked" value=checked.list.clone() />
                <input type="hidden" name="key" value=checked.key.clone() />
                <button class="button" data-look=look data-wide>
                    {name}
                </button>
            </form>
        }
    });
    let note = checked.as_ref().map_or(words.note_before(), |checked| {
        if checked.done { words.note_done() } else { words.note_checked() }
    });
    let result = checked.map(|checked| result(checked, takes, page));
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(title.to_owned(), page, address)} <div class="pane-body">{form} {result}</div>
            <footer class="pane-foot">
                <p class="pane-note">{note}</p>
                {close(address)}
                {carry}
            </footer>
        </section>
    }
    .into_any()
}

/// A file is read into the field, where scripts run; it shows what is sent.
fn file() -> AnyView {
    let words = use_texts().listing();
    let ready = RwSignal::new(false);
    Effect::new(move || ready.set(true));
    view! {
        <div class="field" hidden=move || !ready.get()>
            <label class="label" for="list-file">
                {words.file()}
            </label>
            <input id="list-file" type="file" accept=".csv,.txt,text/csv,text/plain" on:change=read_file />
        </div>
    }
    .into_any()
}

fn read_file(event: leptos::ev::Event) {
    use leptos::wasm_bindgen::JsCast as _;
    use leptos::wasm_bindgen::closure::Closure;

    let input: web_sys::HtmlInputElement = event_target(&event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    let Ok(reader) = web_sys::FileReader::new() else { return };
    let loaded = {
        let reader = reader.clone();
        Closure::once_into_js(move || {
            let text = reader.result().ok().and_then(|text| text.as_string()).unwrap_or_default();
            let field = document().get_element_by_id("list");
            if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
            {
                field.set_value(&text);
            }
        })
    };
    reader.set_onload(Some(loaded.unchecked_ref()));
    reader.read_as_text(&file).ok();
}

fn result(checked: CheckedView, takes: bool, page: &LicenseProductView) -> AnyView {
    let words = use_texts().listing();
    let banner = checked.done.then(|| {
        let cause = if takes { words.done_unassign(checked.fits) } else { words.done_assign(checked.fits) };
        view! { <Banner kind=BannerKind::Ok text=cause /> }
    });
    let counts = checked.counts.into_iter().map(|(kind, word, count)| {
        view! {
            <li class="badge" data-kind=kind>
                {word}
                " "
                <b>{group(count)}</b>
            </li>
        }
    });
    let free = checked.free.map(|free| {
        let seats = group(i64::from(page.seats));
        view! { <p class="quiet">{words.free_after(&group(free), &seats)}</p> }
    });
    let hidden = (checked.hidden > 0).then(|| view! { <p class="quiet">{words.hidden(checked.hidden)}</p> });
    view! {
        <section class="stack" data-gap="s" id="checked">
            {banner}
            <h3>{if checked.done { words.came() } else { words.would_come() }}</h3>
            <ul class="badges">{counts.collect_view()}</ul>
            {free}
            <div class="list">
                <table class="table" data-rows="one">
                    <caption class="hidden">{words.would_come()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.typed()}</th>
                            <th scope="col">{words.outcome()}</th>
                        </tr>
                    </thead>
                    <tbody>{checked.rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            {hidden}
        </section>
    }
    .into_any()
}

fn row(row: ListRow) -> AnyView {
    let words = use_texts().listing();
    let icon = match row.kind.as_str() {
        "ok" => "success",
        "danger" => "error",
        _ => "info",
    };
    let person = (!row.person.is_empty()).then(|| view! { <small>{row.person}</small> });
    view! {
        <tr>
            <td data-cell="name">
                <span class="item-name">{row.typed}</span>
                <small>{words.line(&row.line.to_string())}</small>
            </td>
            <td>
                <span class="outcome" data-kind=row.kind>
                    <Icon name=icon />
                    <span>{row.text}</span>
                </span>
                {person}
            </td>
        </tr>
    }
    .into_any()
}
