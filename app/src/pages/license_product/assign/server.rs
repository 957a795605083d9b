use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the pane shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignView {
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
    /// Those who match what was typed.
    pub found: Vec<PickPerson>,
    /// Whether there are more of them.
    pub more: bool,
    /// Those who were chosen before.
    pub chosen: Vec<PickPerson>,
}

/// Somebody to choose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PickPerson {
    /// Their id.
    pub id: String,
    /// The first character of the name, for the round mark.
    pub initial: String,
    /// The color of the mark.
    pub hue: String,
    /// The name.
    pub name: Marked,
    /// The kana, or the name as it is written. May be empty.
    pub second: Marked,
    /// Department.
    pub department: String,
    /// Mail address.
    pub mail: Marked,
    /// Whether they hold a license of the product.
    pub has_it: bool,
}

/// A text in three parts, the middle one being what a search has matched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Marked {
    /// What stands before it; everything if nothing was matched.
    pub before: String,
    /// What was matched.
    pub marked: String,
    /// What stands behind it.
    pub after: String,
}

impl Marked {
    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.marked.is_empty() && self.after.is_empty()
    }

    /// The text.
    pub fn whole(&self) -> String {
        [self.before.as_str(), &self.marked, &self.after].concat()
    }

    /// A text in which this was searched for.
    #[cfg(feature = "ssr")]
    fn new(text: &str, typed: &str) -> Self {
        let part = |part: Option<&str>| part.unwrap_or_default().to_owned();
        match domain::name::mark(text, typed) {
            Some(range) => Self {
                before: part(text.get(..range.start)),
                marked: part(text.get(range.clone())),
                after: part(text.get(range.end..)),
            },
            None => Self { before: text.to_owned(), ..Self::default() },
        }
    }
}

/// Those whose name or mail address begins with what was typed, beside those who are chosen already.
#[server(endpoint = "find-people", input = leptos::server_fn::codec::GetUrl)]
pub async fn find_people(
    product: String,
    #[server(default)] who: String,
    #[server(default)] person: Vec<String>,
) -> Result<AssignView, AppError> {
    use domain::license::MOST_AT_ONCE;

    use super::super::server::show;
    use crate::request::{answer, asker, fresh_key, services};

    let (services, asker) = (services(), asker());
    let people = services.find_people(&asker, &product, &who).await.map_err(|error| answer(&error))?;
    let found = people.found.iter().map(|found| {
        let person = show::person(found.person, &found.profile);
        pick(person, found.has_it, &who)
    });
    let found = found.collect();
    let mut chosen = Vec::new();
    // More than can be given a license at once are shown all the same, so that some can be taken out again.
    for some in show::ids(&person).chunks(MOST_AT_ONCE).take(MOST_SHOWN / MOST_AT_ONCE) {
        let known = services.people_for_license(&asker, &product, some).await;
        let known = known.map_err(|error| answer(&error))?;
        chosen.extend(known.iter().map(|known| {
            let person = show::person(known.person, &known.profile);
            pick(person, known.has_it, "")
        }));
    }
    Ok(AssignView { key: fresh_key(), found, more: people.more, chosen })
}

/// How many of those who are chosen are shown.
#[cfg(feature = "ssr")]
const MOST_SHOWN: usize = 60;

#[cfg(feature = "ssr")]
fn pick(person: super::super::server::PersonShown, has_it: bool, typed: &str) -> PickPerson {
    PickPerson {
        name: Marked::new(&person.name, typed),
        second: Marked::new(&person.second, typed),
        mail: Marked::new(&person.mail, typed),
        id: person.id,
        initial: person.initial,
        hue: person.hue,
        department: person.department,
        has_it,
    }
}

/// Gives each of these people a license and shows what came of it. `who` is what stands in the search field: where
/// nothing is done, the pane is shown again as it was.
#[server(endpoint = "assign-licenses")]
pub async fn assign_licenses(
    product: String,
    #[server(default)] key: String,
    #[server(default)] who: String,
    #[server(default)] person: Vec<String>,
) -> Result<(), AppError> {
    use services::ServiceError;

    use super::super::address::{ASSIGN, Address, NOBODY, RESULT};
    use super::super::result::Kept;
    use super::super::server::show;
    use crate::request::{asker, excuse, fresh_key, go, keep_result, services};

    let people = show::ids(&person);
    let mut pane = Address { who, people: person, ..Address::of_pane(&product, ASSIGN) };
    if people.is_empty() {
        NOBODY.clone_into(&mut pane.problem);
        go(&pane.text());
        return Ok(());
    }
    let key = if key.is_empty() { fresh_key() } else { key };
    match services().assign_licenses(&asker(), &key, &product, &people).await {
        Ok(given) => {
            let page = Address::of_pane(&product, RESULT).text();
            keep_result(&page, &Kept::Assigned(given)).await
        }
        // The pane says so itself, since all of them stand in its address.
        Err(ServiceError::TooManyAtOnce) => {
            go(&pane.text());
            Ok(())
        }
        Err(error) => excuse(&pane.text(), &error).await,
    }
}
