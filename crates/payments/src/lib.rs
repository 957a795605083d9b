//! Payment providers behind one port, so that the rest of the house knows cards and charges and no company.
//!
//! | question | module |
//! |---|---|
//! | What can be asked of a provider, and what does its answer mean? | [`provider`] |
//! | What takes the place of a bank in demos and tests? | [`sandbox`] |
//! | And where nothing is paid? | [`closed`] |
//! | What must every provider do, whatever it is called? | `contract` (feature `contract`) |
//!
//! # The rules of money
//!
//! 1. **The key comes first.** Whoever wants money writes down the attempt, then calls with the attempt's id
//!    as key, then writes down the outcome. No call is made inside a unit of work.
//! 2. **`Ok` is known, [`Unknown`](provider::ProviderError::Unknown) is asked.** After an unknown answer
//!    nobody guesses: `charge_outcome` tells, and where the provider never heard of it, the same call is made
//!    again with the same key.
//! 3. **A key stands for one thing.** Repeated, it gives the first outcome; with other content it is refused.
//! 4. **No number, no code.** Card numbers and security codes are typed on the provider's page and never
//!    enter a type of this house (SPEC 5, Cards).
//!
//! # How to add a provider
//!
//! Implement [`provider::Provider`] in a file of its own and pass the contract suite with hands that type a
//! card on that provider's side. What cannot be said in the port's types does not leave that file.

#![deny(missing_docs)]

pub mod closed;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod provider;
pub mod sandbox;
