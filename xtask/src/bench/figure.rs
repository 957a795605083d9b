//! What is measured, and where it is to be.

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    /// How fast a long page is made.
    Products,
    /// How fast licenses are given.
    Assignments,
    /// How fast quotes are computed.
    Quotes,
    /// How fast subscriptions renew, with `SQLite` …
    Renewals,
    /// … and with `PostgreSQL`.
    RenewalsPostgres,
    /// How fast very many subscriptions renew that are due at once, and how pages are answered meanwhile.
    DueMillion,
    /// How long years of many organizations take.
    Years,
    /// How much a browser fetches before a page is awake.
    Bytes,
    /// How much memory the server takes.
    Memory,
    /// How long the server takes to start.
    Start,
}

/// What stands in a figure's row before it is measured.
struct About {
    name: &'static str,
    describe: &'static str,
    unit: &'static str,
    direction: f64,
    more_is_better: bool,
}

impl Figure {
    /// All of them.
    pub(crate) const ALL: [Figure; 10] = [
        Figure::Products,
        Figure::Assignments,
        Figure::Quotes,
        Figure::Renewals,
        Figure::RenewalsPostgres,
        Figure::DueMillion,
        Figure::Years,
        Figure::Bytes,
        Figure::Memory,
        Figure::Start,
    ];

    const fn about(self) -> About {
        let (name, describe, unit, direction, more_is_better) = match self {
            Figure::Products => {
                let describe = "/products with 50 subscriptions, signed in, on one core";
                ("products", describe, "requests/s", 1_500.0, true)
            }
            Figure::Assignments => {
                let describe = "licenses given through the use cases, 64 at once, durable";
                ("assignments", describe, "assignments/s", 4_000.0, true)
            }
            Figure::Quotes => {
                let describe = "quotes of a monthly plan with a price per seat, on one core";
                ("quotes", describe, "quotes/s", 1_000_000.0, true)
            }
            Figure::Renewals => {
                let describe =
                    "renewals of subscriptions due at one instant, paid and numbered, durable: SQLite";
                ("renewals", describe, "renewals/s", 3_000.0, true)
            }
            Figure::RenewalsPostgres => {
                ("renewals-postgres", "the same with PostgreSQL", "renewals/s", 1_000.0, true)
            }
            Figure::DueMillion => {
                let describe =
                    "a million subscriptions due when `zaseki serve` starts, on one core, with /products";
                ("due-million", describe, "renewals/s", 5_000.0, true)
            }
            Figure::Years => {
                let describe =
                    "ten years of 1,000 organizations with three subscriptions each, day by day, in memory";
                ("years", describe, "s", 60.0, false)
            }
            Figure::Bytes => {
                ("bytes", "what a browser fetches until / is awake, compressed", "kB", 200.0, false)
            }
            Figure::Memory => {
                ("memory", "resident memory of the server after that load of /products", "MB", 100.0, false)
            }
            Figure::Start => {
                let describe = "from the start of `zaseki serve` to its first page, with 100,000 people";
                ("start", describe, "s", 1.0, false)
            }
        };
        About { name, describe, unit, direction, more_is_better }
    }

    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        self.about().name
    }

    /// What it is, in a few words.
    pub(crate) const fn describe(self) -> &'static str {
        self.about().describe
    }

    /// Whether it is measured of the served product.
    pub(super) const fn is_of_product(self) -> bool {
        matches!(self, Figure::Products | Figure::DueMillion | Figure::Bytes | Figure::Memory | Figure::Start)
    }

    /// Whether the use cases are called for it without a browser, and processes are held to cores.
    pub(super) const fn needs_example(self) -> bool {
        !matches!(self, Figure::Bytes | Figure::Start)
    }

    pub(super) const fn unit(self) -> &'static str {
        self.about().unit
    }

    /// Where it is to be, in its unit.
    pub(super) const fn direction(self) -> f64 {
        self.about().direction
    }

    /// Whether more of it is better.
    pub(super) const fn more_is_better(self) -> bool {
        self.about().more_is_better
    }

    pub(super) fn is_reached_by(self, value: f64) -> bool {
        if self.more_is_better() { value >= self.direction() } else { value <= self.direction() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_figures_are_to_be_large_and_others_small() {
        assert!(Figure::Assignments.is_reached_by(4_000.0) && !Figure::Assignments.is_reached_by(3_999.0));
        assert!(Figure::Start.is_reached_by(1.0) && !Figure::Start.is_reached_by(1.1));
    }

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        let mut names = Figure::ALL.map(Figure::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Figure::ALL.len());
    }
}
