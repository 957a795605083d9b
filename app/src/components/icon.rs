use leptos::prelude::*;

/// A line icon of `public/icons.svg`, in the color of the text. Never the only thing that says something.
#[component]
pub fn Icon(
    /// Its name in the file.
    name: &'static str,
    /// `s` for small.
    #[prop(optional)]
    size: Option<&'static str>,
) -> impl IntoView {
    view! {
        <svg class="icon" data-size=size aria-hidden="true">
            <use href=["/icons.svg#", name].concat()></use>
        </svg>
    }
}

/// A product's picture, by which it is recognized without reading.
#[component]
pub fn Tile(
    /// Its glyph.
    icon: String,
    /// Its color.
    hue: String,
    /// `s`, `l` or `xl`.
    #[prop(optional)]
    size: Option<&'static str>,
) -> impl IntoView {
    view! {
        <span class="tile" data-hue=hue data-size=size>
            <svg class="icon" aria-hidden="true">
                <use href=["/icons.svg#glyph-", &icon].concat()></use>
            </svg>
        </span>
    }
}
