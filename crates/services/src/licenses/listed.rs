//! Giving and taking licenses by a list of thousands: first what would come of it, person by person, then all of it in
//! one unit of work (SPEC 5, Assigning: beyond 20).

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{OrganizationId, PersonId, ProductId};
use domain::license::{NotAssigned, draw_from};
use domain::mail::MailAddress;
use domain::name::fold;
use serde::{Deserialize, Serialize};
use store::licenses::Found;
use store::people::Profile;
use store::{Conn, Tx};

use super::list_text::{Entry, entries};
use super::{assigned, unassigned, why_not};
use crate::asker::Asker;
use crate::keys::key_of;
use crate::{ServiceError, Services};

/// How many people a list may name.
pub const MOST_LISTED: usize = 10_000;

/// What a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListWish {
    /// Everybody on it gets a license.
    Assign,
    /// Everybody on it loses theirs.
    Unassign,
}

/// What comes of one entry of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is done for them, or will be.
    Fits,
    /// They hold one already; or, where licenses are taken, none that the asker could take.
    Nothing,
    /// Nobody in the organization is this.
    Unknown,
    /// Several people have this name.
    Several,
    /// Guests are given no license.
    Guest,
    /// They are not with the organization any more.
    Inactive,
    /// They stand in the list before.
    Repeated,
    /// No seat is left for them.
    NoSeat,
}

impl Verdict {
    const LETTERS: [(Self, char); 8] = [
        (Self::Fits, 'f'),
        (Self::Nothing, 'n'),
        (Self::Unknown, 'u'),
        (Self::Several, 's'),
        (Self::Guest, 'g'),
        (Self::Inactive, 'i'),
        (Self::Repeated, 'r'),
        (Self::NoSeat, 'o'),
    ];

    /// A letter for each: the answer to a list of thousands is kept as long as its idempotency key.
    fn letter(self) -> char {
        Self::LETTERS.iter().find(|(verdict, _)| *verdict == self).map_or('u', |(_, letter)| *letter)
    }

    fn of(letter: char) -> Self {
        Self::LETTERS
            .iter()
            .find(|(_, known)| *known == letter)
            .map_or(Self::Unknown, |(verdict, _)| *verdict)
    }
}

impl From<NotAssigned> for Verdict {
    fn from(reason: NotAssigned) -> Self {
        match reason {
            NotAssigned::AlreadyHasIt => Self::Nothing,
            NotAssigned::Unknown => Self::Unknown,
            NotAssigned::Guest => Self::Guest,
            NotAssigned::Inactive => Self::Inactive,
            NotAssigned::NoSeat => Self::NoSeat,
        }
    }
}

/// One entry of a list, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// On which line it stands, from 1.
    pub line: u32,
    /// The address or the name, as it stands there.
    pub typed: String,
    /// Who it is, where it is somebody.
    pub person: Option<(PersonId, Profile)>,
    /// What comes of it.
    pub verdict: Verdict,
}

/// A list with what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListChecked {
    /// Its entries in their order.
    pub listed: Vec<Listed>,
    /// How many seats are free before it is carried out.
    pub free: u32,
}

impl ListChecked {
    /// How many entries have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.listed.iter().filter(|listed| listed.verdict == verdict).count()
    }
}

impl Services {
    /// What would come of a list. Nothing changes. More than 10,000 entries are refused.
    pub async fn check_list(
        &self,
        asker: &Asker,
        product: &str,
        wish: ListWish,
        text: &str,
    ) -> Result<ListChecked, ServiceError> {
        let (place, product, _) = self.managed_product(asker, product).await?;
        let entries = some(text)?;
        let (organization, manager) = (place.organization.id, place.person.id);
        let mut reader = self.store().read().await?;
        check(&mut reader.conn(), (organization, manager, product), wish, entries).await
    }

    /// Carries a list out for everybody for whom it can be, in one unit of work; gives what came of each entry. The key
    /// is that of the form: sent twice, it is done once.
    pub async fn carry_list_out(
        &self,
        asker: &Asker,
        key: &str,
        product: &str,
        wish: ListWish,
        text: &str,
    ) -> Result<Vec<Verdict>, ServiceError> {
        let mut outcome = self.try_list(asker, key, product, wish, text).await;
        // Somebody beside us may take a seat just then.
        for _ in 0..3 {
            if !matches!(outcome, Err(ServiceError::Stale)) {
                break;
            }
            outcome = self.try_list(asker, key, product, wish, text).await;
        }
        outcome
    }

    async fn try_list(
        &self,
        asker: &Asker,
        key: &str,
        product: &str,
        wish: ListWish,
        text: &str,
    ) -> Result<Vec<Verdict>, ServiceError> {
        let (place, product, _) = self.managed_product(asker, product).await?;
        let entries = some(text)?;
        let key = key_of("license.list", &place, key, &(product, wish, text))?;
        let (organization, manager) = (place.organization.id, place.person.id);
        let command = self.command(asker, organization, Some(key));
        let letters: String = self
            .store()
            .write(command, move |tx| {
                let entries = entries.clone();
                Box::pin(async move {
                    let about = (organization, manager, product);
                    let checked = check(tx, about, wish, entries).await?;
                    let fits = checked.listed.iter().filter(|listed| listed.verdict == Verdict::Fits);
                    let people = fits.filter_map(|listed| listed.person.as_ref().map(|(person, _)| *person));
                    let people: Vec<PersonId> = people.collect();
                    let done = match wish {
                        ListWish::Assign => give(tx, about, people).await?,
                        ListWish::Unassign => take(tx, about, people).await?,
                    };
                    let came = |listed: &Listed| match (&listed.person, listed.verdict) {
                        (Some((person, _)), Verdict::Fits) if !done.contains(person) => Verdict::Nothing,
                        (_, verdict) => verdict,
                    };
                    Ok::<_, ServiceError>(checked.listed.iter().map(came).map(Verdict::letter).collect())
                })
            })
            .await?;
        Ok(letters.chars().map(Verdict::of).collect())
    }
}

fn some(text: &str) -> Result<Vec<Entry>, ServiceError> {
    let entries = entries(text);
    if entries.len() > MOST_LISTED { Err(ServiceError::TooManyAtOnce) } else { Ok(entries) }
}

async fn check(
    conn: &mut Conn<'_>,
    (organization, manager, product): (OrganizationId, PersonId, ProductId),
    wish: ListWish,
    entries: Vec<Entry>,
) -> Result<ListChecked, ServiceError> {
    let sources = conn.seat_sources(organization, manager, product).await?;
    let free: u32 = sources.iter().map(domain::license::SeatSource::free).sum();
    let (mut left, mut before, mut listed) = (free, BTreeMap::new(), Vec::with_capacity(entries.len()));
    for Entry { line, typed } in entries {
        let (found, mut verdict) = who(conn, organization, product, &typed).await?;
        if let Some(found) = &found {
            if before.insert(found.person, line).is_some() {
                verdict = Verdict::Repeated;
            } else if wish == ListWish::Unassign {
                let held = conn.holders_among(organization, manager, product, &[found.person]).await?;
                verdict = if held.is_empty() { Verdict::Nothing } else { Verdict::Fits };
            } else if verdict == Verdict::Fits {
                match left.checked_sub(1) {
                    Some(rest) => left = rest,
                    None => verdict = Verdict::NoSeat,
                }
            }
        }
        let person = found.map(|found| (found.person, found.profile));
        listed.push(Listed { line, typed, person, verdict });
    }
    Ok(ListChecked { listed, free })
}

/// Who an entry is, and whether they could be given a license.
async fn who(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    product: ProductId,
    typed: &str,
) -> Result<(Option<Found>, Verdict), ServiceError> {
    let found = if typed.contains(['@', '＠']) {
        match MailAddress::parse(typed) {
            Ok(mail) => conn.person_by_mail(organization, product, mail.as_str()).await?,
            Err(_) => None,
        }
    } else {
        let mut called = conn.people_called(organization, product, &fold(typed), 2).await?;
        if called.len() > 1 {
            return Ok((None, Verdict::Several));
        }
        called.pop()
    };
    let verdict = match &found {
        None => Verdict::Unknown,
        Some(found) => why_not(found).map_or(Verdict::Fits, Verdict::from),
    };
    Ok((found, verdict))
}

/// Gives everybody a license, as long as there are seats. Says who got one.
async fn give(
    tx: &mut Tx<'_>,
    (organization, manager, product): (OrganizationId, PersonId, ProductId),
    people: Vec<PersonId>,
) -> Result<BTreeSet<PersonId>, ServiceError> {
    let sources = tx.seat_sources(organization, manager, product).await?;
    let (mut people, mut given) = (people.into_iter(), BTreeSet::new());
    for subscription in draw_from(&sources, None) {
        let free = sources.iter().find(|source| source.subscription == subscription);
        let free = free.map_or(0, domain::license::SeatSource::free);
        let wanted = u32::try_from(people.len()).unwrap_or(u32::MAX).min(free);
        if wanted == 0 {
            continue;
        }
        // Somebody beside us took one of them: all of it is looked at again.
        if !tx.take_free_seats(organization, subscription, wanted).await? {
            return Err(ServiceError::Stale);
        }
        let mut unused = wanted;
        for person in people.by_ref().take(usize::try_from(wanted).unwrap_or(usize::MAX)) {
            let added =
                tx.add_assignment(organization, (product, person), subscription, Some(manager)).await?;
            let Some(assignment) = added else { continue };
            unused -= 1;
            given.insert(person);
            tx.audit(assigned(assignment, (product, person), subscription));
        }
        if unused > 0 {
            tx.free_seats(organization, subscription, unused).await?;
        }
    }
    Ok(given)
}

/// Takes everybody's license. Says from whom.
async fn take(
    tx: &mut Tx<'_>,
    (organization, manager, product): (OrganizationId, PersonId, ProductId),
    people: Vec<PersonId>,
) -> Result<BTreeSet<PersonId>, ServiceError> {
    let mut taken = BTreeSet::new();
    let mut freed: BTreeMap<_, u32> = BTreeMap::new();
    for person in people {
        let from = tx.remove_assignment(organization, manager, (product, person)).await?;
        let Some(subscription) = from else { continue };
        *freed.entry(subscription).or_default() += 1;
        taken.insert(person);
        tx.audit(unassigned((product, person), subscription));
    }
    for (subscription, count) in freed {
        tx.free_seats(organization, subscription, count).await?;
    }
    Ok(taken)
}
