//! A person's own settings: language, time zone, theme.

use domain::language::Language;
use domain::time::ZoneName;
use store::audit::Record;
use store::people::Chosen;

use crate::asker::{Asker, Person};
use crate::rights::Right;
use crate::{ServiceError, Services};

/// How the page looks to a person. `None` leaves the choice to the organization or the device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language of the page; the organization's by default.
    pub language: Option<Language>,
    /// The zone in which instants are shown; the organization's by default.
    pub time_zone: Option<ZoneName>,
    /// `light` or `dark`; the device's by default.
    pub theme: Option<String>,
}

impl Services {
    /// Changes one's own settings. `version` is the state in which they were seen: if they have changed since,
    /// nothing is saved.
    pub async fn save_preferences(
        &self,
        asker: &Asker,
        version: i64,
        change: impl FnOnce(&mut Preferences),
    ) -> Result<(), ServiceError> {
        asker.must(Right::ChangeSettings)?;
        let place = asker.must_place()?;
        let person = place.person.clone();
        if person.version != version {
            return Err(ServiceError::Stale);
        }
        let mut preferences = Preferences::of(&person);
        change(&mut preferences);
        let command = self.command(asker, place.organization.id, None);
        self.store()
            .write(command, move |tx| {
                let (person, preferences) = (person.clone(), preferences.clone());
                Box::pin(async move {
                    let chosen = preferences.chosen();
                    tx.set_preferences(&person, &chosen).await?;
                    tx.audit(
                        Record::new("person.settings", "person", person.id.uuid())
                            .fact("language", chosen.language)
                            .fact("time_zone", chosen.time_zone)
                            .fact("theme", chosen.theme),
                    );
                    Ok(())
                })
            })
            .await
    }
}

impl Preferences {
    fn of(person: &Person) -> Self {
        let chosen = &person.chosen;
        Self {
            language: chosen.language.as_deref().and_then(Language::from_code),
            time_zone: chosen.time_zone.as_deref().and_then(|name| name.parse().ok()),
            theme: chosen.theme.clone(),
        }
    }

    fn chosen(&self) -> Chosen {
        Chosen {
            language: self.language.map(|language| language.code().to_owned()),
            time_zone: self.time_zone.as_ref().map(|zone| zone.as_str().to_owned()),
            theme: self.theme.clone(),
        }
    }
}
