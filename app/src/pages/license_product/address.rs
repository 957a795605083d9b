//! What stands in the page's address.

use leptos_router::params::ParamsMap;

/// The pane in which people are chosen.
pub(crate) const ASSIGN: &str = "assign";

/// The pane that asks before licenses are taken.
pub(crate) const UNASSIGN: &str = "unassign";

/// The pane in which people are given licenses by a list.
pub(crate) const LIST: &str = "list";

/// The pane in which they lose them by a list.
pub(crate) const UNLIST: &str = "unlist";

/// The pane that shows what came of either.
pub(crate) const RESULT: &str = "result";

/// What a form calls a person, once for each: only with the brackets does a server function read several of them
/// as a list (`serde_qs`), and the address is written by the same forms.
pub(crate) const PERSON: &str = "person[]";

/// The problem that nobody was chosen.
pub(crate) const NOBODY: &str = "nobody";

/// How many people are read from an address: enough to say that they are too many.
const MOST_READ: usize = 60;

/// What stands in the address; what is empty is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// The product's key.
    pub(crate) product: String,
    /// Where the list begins.
    pub(crate) after: String,
    /// The open pane.
    pub(crate) pane: String,
    /// Who is searched for, as it was typed.
    pub(crate) who: String,
    /// The ids of those who are ticked, in the order in which they were.
    pub(crate) people: Vec<String>,
    /// The key of what came of a form.
    pub(crate) result: String,
    /// Why a form did nothing.
    pub(crate) problem: String,
}

impl Address {
    /// The address of a product's page with this query.
    pub(crate) fn read(product: String, query: &ParamsMap) -> Self {
        let get = |name: &str| query.get(name).unwrap_or_default();
        let mut people: Vec<String> = Vec::new();
        for person in query.get_all(PERSON).unwrap_or_default() {
            if people.len() < MOST_READ && !people.contains(&person) {
                people.push(person);
            }
        }
        Self {
            product,
            after: get("after"),
            pane: get("pane"),
            who: get("who"),
            people,
            result: get("result"),
            problem: get("problem"),
        }
    }

    /// Where a pane of a product stands, for a form that leads there.
    #[cfg(feature = "ssr")]
    pub(crate) fn of_pane(product: &str, pane: &str) -> Self {
        Self { product: product.to_owned(), pane: pane.to_owned(), ..Self::default() }
    }

    /// Without its query. Whatever came in as a product goes out as part of an address.
    pub(crate) fn path(&self) -> String {
        let fits = |character: &char| character.is_ascii_alphanumeric() || *character == '-';
        ["/licenses/", &self.product.chars().filter(fits).collect::<String>()].concat()
    }

    /// The whole.
    pub(crate) fn text(&self) -> String {
        let mut query = ParamsMap::new();
        let mut add = |name: &'static str, value: &String| {
            if !value.is_empty() {
                query.insert(name, value.clone());
            }
        };
        add("pane", &self.pane);
        add("after", &self.after);
        add("who", &self.who);
        for person in self.people.iter().take(MOST_READ) {
            add(PERSON, person);
        }
        add("result", &self.result);
        add("problem", &self.problem);
        [self.path(), query.to_query_string()].concat()
    }

    /// The same page of the list with this pane open.
    pub(crate) fn opening(&self, pane: &str) -> String {
        let (product, after) = (self.product.clone(), self.after.clone());
        Self { product, after, pane: pane.to_owned(), ..Self::default() }.text()
    }

    /// The same page of the list without a pane. Whoever is ticked in the list stays ticked.
    pub(crate) fn closed(&self) -> String {
        let (product, after) = (self.product.clone(), self.after.clone());
        Self { product, after, people: self.ticked().to_vec(), ..Self::default() }.text()
    }

    /// The list from here on; from its start if this is empty.
    pub(crate) fn page_from(&self, after: String) -> String {
        Self { product: self.product.clone(), after, ..Self::default() }.text()
    }

    /// The same without this person.
    pub(crate) fn without(&self, person: &str) -> String {
        let mut without = self.clone();
        without.tick(person, false);
        without.problem.clear();
        without.text()
    }

    /// Those who are ticked in the list; in the pane that assigns, others are.
    pub(crate) fn ticked(&self) -> &[String] {
        if self.pane == ASSIGN { &[] } else { &self.people }
    }

    /// Ticks a person, or not any more.
    pub(crate) fn tick(&mut self, person: &str, ticked: bool) {
        self.people.retain(|known| known != person);
        if ticked {
            self.people.push(person.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address {
            product: "draft".to_owned(),
            after: "6f".to_owned(),
            pane: ASSIGN.to_owned(),
            who: "たか 1".to_owned(),
            people: vec!["per_1".to_owned(), "per_2".to_owned()],
            ..Address::default()
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn what_is_written_is_read_again() {
        let text = address().text();
        assert!(text.starts_with("/licenses/draft?pane=assign&after=6f&who="), "{text}");
        assert!(text.contains("person%5B%5D=per%5F1&person%5B%5D=per%5F2"), "{text}");
        let pairs = [
            ("pane", "assign"),
            ("after", "6f"),
            ("who", "たか 1"),
            (PERSON, "per_1"),
            (PERSON, "per_2"),
            (PERSON, "per_1"),
        ];
        let query = pairs.into_iter().collect::<ParamsMap>();
        assert_eq!(Address::read("draft".to_owned(), &query), address());
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_closed_pane_keeps_the_place_in_the_list_and_its_ticks() {
        assert_eq!(address().closed(), "/licenses/draft?after=6f");
        let asked = Address { pane: UNASSIGN.to_owned(), ..address() };
        assert_eq!(asked.closed(), "/licenses/draft?after=6f&person%5B%5D=per%5F1&person%5B%5D=per%5F2");
    }

    #[test]
    fn a_strange_product_leads_nowhere_else() {
        let strange = Address { product: "../x?y=//z".to_owned(), ..Address::default() };
        assert_eq!(strange.path(), "/licenses/xyz");
    }

    #[test]
    fn everybody_is_ticked_once() {
        let mut address = address();
        address.tick("per_1", true);
        assert_eq!(address.people, ["per_2", "per_1"]);
        address.tick("per_2", false);
        assert_eq!(address.people, ["per_1"]);
    }
}
