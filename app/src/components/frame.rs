use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_meta::Title;
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::use_location;

use super::{Icon, Notice};
use crate::pages::settings::SetLanguage;
use crate::pages::sign_in::SignOut;
use crate::texts::use_texts;
use crate::viewer::{Viewer, use_publisher, use_test_mode, use_viewer};

/// The frame of every page inside: navigation at the left, the sheet with what it is about.
#[component]
pub fn Frame() -> impl IntoView {
    let texts = use_texts();
    let words = texts.frame();
    view! {
        <a class="skip" href="#main">
            {words.skip()}
        </a>
        <TestMode />
        <div class="frame">
            <Navigation />
            <div class="sheet">
                <header class="top">
                    <button
                        class="icon-button menu-button"
                        type="button"
                        popovertarget="nav"
                        aria-label=words.menu()
                    >
                        <Icon name="menu" />
                    </button>
                    <LanguageMenu />
                </header>
                <main class="main" id="main" tabindex="-1">
                    <Notice />
                    <Outlet />
                </main>
            </div>
        </div>
    }
    .into_any()
}

/// Says on every page that no money moves, where none does (SPEC 5, Cards).
#[component]
pub fn TestMode() -> impl IntoView {
    let words = use_texts().frame();
    let clock = use_viewer().and_then(|viewer| viewer.test_clock);
    let text = clock.map_or_else(|| words.test_mode().to_owned(), |day| words.test_clock(&day));
    use_test_mode()
        .then(|| {
            view! {
                <aside class="test-mode" aria-label=words.test_mode_label()>
                    <Icon name="info" />
                    {text}
                </aside>
            }
        })
        .into_any()
}

#[component]
fn Navigation() -> impl IntoView {
    let words = use_texts().frame();
    let publisher = use_publisher();
    let viewer = use_viewer();
    let buys = viewer.as_ref().is_some_and(|viewer| !viewer.guest);
    view! {
        <nav class="nav" id="nav" popover="auto" aria-label=words.menu()>
            <a class="brand" href="/">
                <img src="/minato.svg" width="28" height="28" alt="" />
                <span>{publisher}</span>
            </a>
            <ul class="nav-list">
                <NavItem href="/" icon="home" name=words.home() />
                {buys
                    .then(|| {
                        view! {
                            <NavItem href="/catalog" icon="bag" name=words.buy() />
                            <NavItem href="/my-licenses" icon="key" name=words.my_licenses() />
                        }
                    })}
            </ul>
            {buys
                .then(|| {
                    view! {
                        <p class="nav-group" id="nav-billing">
                            {words.billing()}
                        </p>
                        <ul class="nav-list" aria-labelledby="nav-billing">
                            <NavItem href="/products" icon="grid" name=words.products() />
                            <NavItem href="/licenses" icon="seat" name=words.licenses() />
                            <NavItem
                                href="/bills/invoices"
                                within="/bills/"
                                icon="receipt"
                                name=words.bills()
                            />
                            <NavItem href="/billing-accounts" icon="building" name=words.billing_accounts() />
                        </ul>
                    }
                })}
            {viewer.map(|viewer| view! { <UserMenu viewer /> })}
        </nav>
    }
    .into_any()
}

#[component]
fn NavItem(
    href: &'static str,
    /// What the addresses of its pages begin with, where that is not its own.
    #[prop(optional)]
    within: Option<&'static str>,
    icon: &'static str,
    name: &'static str,
) -> impl IntoView {
    let path = use_location().pathname;
    let current = move || {
        let path = path.read();
        let inside = if href == "/" { *path == "/" } else { path.starts_with(within.unwrap_or(href)) };
        inside.then_some("page")
    };
    view! {
        <li>
            <a class="nav-item" href=href aria-current=current>
                <Icon name=icon />
                <span class="nav-name">{name}</span>
            </a>
        </li>
    }
}

#[component]
fn UserMenu(viewer: Viewer) -> impl IntoView {
    let words = use_texts().frame();
    view! {
        <button class="user" type="button" popovertarget="user-menu">
            <span class="avatar" data-hue="lapis" aria-hidden="true">
                {viewer.initial}
            </span>
            <span class="user-name">{viewer.name}</span>
            <span class="user-place">{viewer.organization}</span>
        </button>
        <div class="menu" id="user-menu" popover="auto" data-from="start">
            <A href="/settings" attr:class="menu-item">
                <Icon name="settings" />
                {words.settings()}
            </A>
            {(viewer.administrator && use_test_mode())
                .then(|| {
                    view! {
                        <A href="/organization/clock" attr:class="menu-item">
                            <Icon name="clock" />
                            {words.clock()}
                        </A>
                    }
                })}
            {viewer
                .elsewhere
                .then(|| {
                    view! {
                        <a class="menu-item" href="/organizations" rel="external">
                            <Icon name="swap" />
                            {words.switch_organization()}
                        </a>
                    }
                })}
            <hr class="menu-line" />
            <form method="post" action=SignOut::PATH>
                <button class="menu-item">
                    <Icon name="sign-out" />
                    {words.sign_out()}
                </button>
            </form>
        </div>
    }
    .into_any()
}

#[component]
fn LanguageMenu() -> impl IntoView {
    let texts = use_texts();
    let words = texts.frame();
    let current = texts.language().code();
    let here = use_location().pathname;
    let choice = move |code: &'static str, name: &'static str| {
        view! {
            <button
                class="menu-item"
                name="language"
                value=code
                lang=code
                aria-current=(code == current).then_some("true")
            >
                {name}
            </button>
        }
    };
    view! {
        <button
            class="button"
            type="button"
            data-look="quiet"
            popovertarget="language-menu"
            aria-label=words.language()
        >
            <Icon name="globe" />
            <span class="button-name">{words.this_language()}</span>
        </button>
        <form class="menu" id="language-menu" popover="auto" method="post" action=SetLanguage::PATH>
            <input type="hidden" name="to" value=move || here.get() />
            {choice("ja", "日本語")}
            {choice("en", "English")}
        </form>
    }
    .into_any()
}

/// What a page is called, in the window's title and on the page.
#[component]
pub fn PageHead(#[prop(into)] title: String) -> impl IntoView {
    let publisher = use_publisher();
    view! {
        <Title text=[title.as_str(), " - ", publisher.as_str()].concat() />
        <div class="title-row">
            <h1>{title}</h1>
        </div>
    }
    .into_any()
}
